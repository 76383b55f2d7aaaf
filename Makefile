# Địa Đồ — một lệnh để chạy, một lệnh để kiểm tra. One command to run, one to test.
# Everything is done by config/stack/; this file only gives the commands their names.

# Any Python from 3.11 on that has its venv module.
PYTHON ?= python3
STACK = $(PYTHON) -m config.stack

.DEFAULT_GOAL := help
.PHONY: run stop setup cluster check test test-qgis bench bench-list prove prove-list locks clean help

run:  ## Cài đặt những gì còn thiếu rồi chạy · install what is missing, then run
	@$(STACK) run

stop:  ## Dừng tất cả · stop everything
	@$(STACK) stop

setup:  ## Chỉ cài đặt, không chạy · set up without running
	@$(STACK) setup

cluster:  ## Chỉ chạy cơ sở dữ liệu riêng, cho manage.py · the private database alone, for manage.py
	@$(STACK) cluster

check:  ## Kiểm tra mã nguồn, không chạy thử · formatting, types, imports, templates
	@$(STACK) check

test:  ## Cài đặt, kiểm tra mã nguồn, rồi mọi phép thử · set up, check, then all tests
	@$(STACK) test

test-qgis:  ## Thử với QGIS của Debian (cài nếu thiếu, lớn) · read the services with Debian's QGIS
	@$(STACK) test-qgis

bench:  ## Đo tốc độ: make bench JOB=tên · measure one job against a peer
	@$(STACK) bench "$(JOB)"

bench-list:  ## Các phép đo · the benchmarks there are
	@$(STACK) bench-list

prove:  ## Chứng minh ở cỡ thật: make prove JOB=tên · a long proof at full size
	@$(STACK) prove "$(JOB)"

prove-list:  ## Các chứng minh · the proofs there are
	@$(STACK) prove-list

locks:  ## Khoá lại phiên bản các gói Python · pin the Python packages anew
	@$(STACK) locks

clean:  ## Xoá mọi thứ đã tạo, kể cả dữ liệu trong var/ · remove all that was made, data in var/ too
	@$(STACK) clean

help:  ## Danh sách này · this list
	@$(STACK) help
