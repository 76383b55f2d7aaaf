"""The sentences that set-up says to people, Vietnamese first.

Django's catalogue is not there yet while the machine is being set up, so the few sentences it
needs stand here side by side.
"""

from __future__ import annotations

#: code → (Vietnamese, English); values are filled in with str.format.
SENTENCES: dict[str, tuple[str, str]] = {
    "port_taken": (
        "Cổng {port} trên máy này đã có chương trình khác dùng. "
        "Chọn cổng khác: {setting}={other} make run",
        "Port {port} on this machine is used by another program. "
        "Choose another: {setting}={other} make run",
    ),
    "not_a_number": (
        "{setting}={value} phải là số từ {low} đến {high}.",
        "{setting}={value} must be a number from {low} to {high}.",
    ),
    "packages_missing": (
        "Thiếu gói hệ thống, và không có quyền quản trị để cài. "
        "Nhờ người quản trị máy chạy đúng lệnh dưới đây rồi chạy lại.",
        "System packages are missing and we may not install them. "
        "Ask an administrator to run the one command below, then try again.",
    ),
    "packages_failed": (
        "Không cài được gói hệ thống: {names}. Xem {log}",
        "The system packages could not be installed: {names}. See {log}",
    ),
    "not_debian": (
        "Không thấy apt-get và dpkg-query: bộ cài này dành cho Debian 12. Cần có: {names}",
        "apt-get and dpkg-query were not found: this set-up is for Debian 12. Needed: {names}",
    ),
    "python_too_old": (
        "Cần Python 3.11 trở lên có mô-đun venv; không thấy. Đặt PYTHON=/đường/dẫn/python3",
        "Python 3.11 or later with its venv module is needed. Set PYTHON=/path/to/python3",
    ),
    "step_failed": (
        "Bước “{step}” không xong. Nhật ký: {log}",
        "The step “{step}” failed. Its log: {log}",
    ),
    "cluster_elsewhere": (
        "Người dùng {user} không vào được {wanted}; cụm cơ sở dữ liệu nằm ở {chosen}",
        "User {user} cannot reach {wanted}; the database cluster is kept in {chosen}",
    ),
    "cluster_not_ready": (
        "PostgreSQL không khởi động được. Nhật ký: {log}",
        "PostgreSQL did not start. Its log: {log}",
    ),
    "not_ours": (
        "{path} thuộc về người dùng khác hoặc mở cho người khác; không dùng. Hãy xoá nó.",
        "{path} belongs to another user or is open to others; it is not used. Remove it.",
    ),
    "sql_failed": (
        "PostgreSQL từ chối một lệnh chuẩn bị: {answer}",
        "PostgreSQL refused a preparing statement: {answer}",
    ),
    "no_program": (
        "Không thấy chương trình {name}. Chạy: make setup",
        "The program {name} was not found. Run: make setup",
    ),
    "already_running": (
        "Địa Đồ đang chạy: {url}   (dừng: make stop)",
        "Địa Đồ is already running: {url}   (to stop it: make stop)",
    ),
    "already_starting": (
        "Một lệnh khác đang chuẩn bị Địa Đồ (tiến trình {pid}). Đợi nó xong, hoặc: make stop",
        "Another command is preparing Địa Đồ (process {pid}). Wait for it, or: make stop",
    ),
    "ready": (
        "Địa Đồ sẵn sàng: {url}   (dừng: Ctrl-C hoặc make stop)",
        "Địa Đồ is ready: {url}   (to stop it: Ctrl-C or make stop)",
    ),
    "stopped": ("Đã dừng.", "Stopped."),
    "nothing_running": ("Không có gì đang chạy.", "Nothing is running."),
    "stopping": ("Đang dừng …", "Stopping …"),
    "stop_failed": (
        "Tiến trình {pids} chưa dừng.",
        "Processes {pids} have not stopped.",
    ),
    "restarted": (
        "{name} đã dừng bất ngờ ({code}); chạy lại sau {seconds} giây. Nhật ký: {log}",
        "{name} ended unexpectedly ({code}); it starts again in {seconds} s. Its log: {log}",
    ),
    "service_not_ready": (
        "{name} không khởi động được. Nhật ký: {log}",
        "{name} did not start. Its log: {log}",
    ),
    "database_unreachable": (
        "Không kết nối được DATABASE_URL ({where}): {answer}",
        "DATABASE_URL cannot be reached ({where}): {answer}",
    ),
    "database_incomplete": (
        "Cơ sở dữ liệu {where} chưa đủ. Người quản trị cần chạy trong đó các lệnh dưới đây, "
        "rồi chạy lại.",
        "The database {where} is not prepared. An administrator has to run the "
        "statements below in it, then try again.",
    ),
    "running_first_stop": (
        "Địa Đồ đang chạy; hãy dừng trước: make stop",
        "Địa Đồ is running; stop it first: make stop",
    ),
    "no_job": (
        "Không có việc “{name}”. Xem: make {kind}-list",
        "There is no job “{name}”. See: make {kind}-list",
    ),
    "name_a_job": (
        "Hãy chọn một việc: make {kind} JOB=tên (xem make {kind}-list)",
        "Name a job: make {kind} JOB=name (see make {kind}-list)",
    ),
    "no_jobs": ("Chưa có việc nào trong {folder}/.", "There is no job in {folder}/ yet."),
    "checks_failed": ("Kiểm tra không đạt", "Checks failed"),
    "cleaned": ("Đã xoá mọi thứ được tạo ra.", "Everything that was made is removed."),
}


def sentence(code: str, /, **values: object) -> str:
    """Return the sentence for `code` in both languages, Vietnamese on the first line."""
    vietnamese, english = SENTENCES[code]
    return f"{vietnamese.format(**values)}\n{english.format(**values)}"


class Trouble(Exception):
    """Set-up cannot go on; the text tells a person, in both languages, what to do."""

    def __init__(self, code: str, /, *, below: str = "", **values: object) -> None:
        """Say the sentence for `code`; `below` follows it once, such as the end of a log."""
        self.code = code
        self.values = values
        self.below = below
        super().__init__(sentence(code, **values) + (f"\n\n{below}\n" if below else ""))
