"""What bin/test makes of the reports: sums, reasons, the last line, the exit code."""

from host.results import Result, format_table, get_exit_code, read_junit
from host.suite import read_report

REPORT = """<?xml version="1.0"?>
<testsuites><testsuite name="pytest">
 <testcase classname="a" name="passes"/>
 <testcase classname="a" name="fails"><failure message="no">trace</failure></testcase>
 <testcase classname="a" name="breaks"><error message="boom">trace</error></testcase>
 <testcase classname="a" name="skips"><skipped message="no data folder"/></testcase>
</testsuite></testsuites>"""


def make_report(tmp_path, text):
	file = tmp_path / "junit.xml"
	file.write_text(text)
	return file


def test_a_report_is_counted(tmp_path):
	result = Result("unit")
	read_junit(make_report(tmp_path, REPORT), result)
	assert (result.passed, result.failed, result.skipped) == (1, 2, ["a.skips: no data folder"])


def test_the_last_line_is_for_machines_and_the_skips_are_named():
	results = [
		Result("unit", passed=3, seconds=1.5),
		Result("browser", passed=2, failed=1, skipped=["a.b: no screen"], seconds=80),
		Result("northwind", absent="there is no tests/northwind yet"),
	]
	lines = format_table(results).splitlines()
	assert lines[-1] == "5 passed, 1 failed, 1 skipped"
	assert "  browser: a.b: no screen" in lines
	assert "northwind has NOTHING TO RUN: there is no tests/northwind yet" in lines
	assert get_exit_code(results) == 1


def test_a_part_that_broke_down_counts_as_a_failure():
	results = [Result("unit", passed=3), Result("site", trouble="the run ended with code 1")]
	assert format_table(results).splitlines()[-1] == "3 passed, 1 failed, 0 skipped"
	assert get_exit_code(results) == 1


def test_nothing_run_is_not_success():
	assert get_exit_code([Result("northwind", absent="no folder")]) == 1
	assert get_exit_code([Result("unit", passed=1), Result("northwind", absent="no folder")]) == 0


def test_a_run_without_a_report_or_without_tests_is_trouble(tmp_path):
	silent, empty, odd = Result("site"), Result("crash"), Result("unit")
	read_report(tmp_path / "missing.xml", 3, silent)
	read_report(make_report(tmp_path, "<testsuites/>"), 5, empty)
	read_report(make_report(tmp_path, '<testsuite><testcase classname="a" name="b"/></testsuite>'), 1, odd)
	assert "code 3" in silent.trouble
	assert empty.trouble == "there are no tests in it"
	assert "no test failed" in odd.trouble
