"""What the standards demand of the services, one assertion after the other.

Each standard has a table beside this file: the assertion's id, its clause, what it says, and
whether it passes, does not apply (why), or is open (why). The id is the name of its test. Every
assertion has a checker, a plain function of what was asked and answered, and every checker is
shown to fail on damaged answers.
"""
