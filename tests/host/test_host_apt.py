"""What is missing on a machine, and who may install it."""

import pytest

from host import apt
from host.apt import CHROMIUM, NODE, REDIS, ensure_packages, list_missing_packages
from host.steps import StepFailed, Steps


@pytest.fixture
def bare(monkeypatch, tmp_path):
	"""A machine without Redis and Chromium, whose user may not install anything."""
	monkeypatch.setenv("ALLORDERS_CACHE", str(tmp_path))
	monkeypatch.delenv("CHROMIUM", raising=False)
	monkeypatch.setattr(
		apt, "find_program", lambda need: None if need in (REDIS, CHROMIUM) else f"/usr/bin/{need.names[0]}"
	)
	monkeypatch.setattr(apt, "find_spec", lambda name: None)
	monkeypatch.setattr(apt, "read_output", lambda command, timeout=None: None)
	monkeypatch.setattr(apt.os, "geteuid", lambda: 1000)


def test_only_what_is_missing_is_asked_for(bare):
	assert list_missing_packages(browser=False) == ["python3-venv", "redis-server"]
	assert list_missing_packages(browser=True) == ["chromium", "python3-venv", "redis-server"]


def test_a_browser_that_is_named_need_not_be_installed(bare, monkeypatch):
	monkeypatch.setenv("CHROMIUM", "/opt/browser")
	assert "chromium" not in list_missing_packages(browser=True)


def test_without_the_right_to_install_the_one_command_is_said(bare):
	with pytest.raises(StepFailed) as failure:
		ensure_packages(Steps())
	assert failure.value.reason == "This machine lacks python3-venv, redis-server."
	assert failure.value.advice.endswith(
		"apt-get install --yes --no-install-recommends python3-venv redis-server"
	)


def test_a_node_that_is_too_old_is_refused(monkeypatch):
	monkeypatch.setattr(
		apt, "find_program", lambda need: "/usr/bin/node" if need is NODE else "/usr/bin/true"
	)
	monkeypatch.setattr(apt, "read_output", lambda command, timeout=None: "v16.20.2")
	with pytest.raises(StepFailed) as failure:
		ensure_packages(Steps())
	assert "v16.20.2" in failure.value.reason and "18" in failure.value.advice
