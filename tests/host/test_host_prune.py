"""Only what no instance is made of may be deleted."""

import json

from host.prune import list_unused, list_used


def test_what_an_instance_uses_stays(tmp_path, monkeypatch):
	monkeypatch.setenv("ALLORDERS_CACHE", str(tmp_path))
	for name in ("frappe/a/apps/frappe", "frappe/b", "env/a", "env/b", "template/a", "assets/a"):
		(tmp_path / name).mkdir(parents=True)
	instance = tmp_path / "instances" / "dev"
	instance.mkdir(parents=True)
	state = {
		"environment": [f"{tmp_path}/env/a", "/repository"],
		"source_folder": f"{tmp_path}/frappe/a/apps/frappe",
		"built_template": f"{tmp_path}/template/a",
		"template": None,
	}
	(instance / "instance.json").write_text(json.dumps(state))
	unused = [str(folder.relative_to(tmp_path)) for folder in list_unused(list_used())]
	assert unused == ["assets/a", "env/b", "frappe/b"]
