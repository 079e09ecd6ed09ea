"""The container files cannot drift from the program: schema, settings' names, ports, folders.

No docker engine is needed: the Compose file is held against the published Compose schema and against the
settings themselves.
"""

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from server.settings import Settings

ROOT = Path(__file__).resolve().parents[1]


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return loaded


def schema() -> dict[str, Any]:
    vendored = files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json"
    loaded: dict[str, Any] = json.loads(vendored.read_text())
    return loaded


def setting_names() -> set[str]:
    return {f"REMBUG_{name.upper()}" for name in Settings.model_fields}


def test_compose_file_fits_the_compose_schema() -> None:
    jsonschema.validate(compose(), schema())


def test_a_misspelt_key_does_not_fit_the_schema() -> None:
    broken = compose()
    broken["services"]["rembug"]["prots"] = []
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, schema())


def test_every_environment_name_is_a_setting() -> None:
    assert set(compose()["services"]["rembug"]["environment"]) <= setting_names()


def test_dockerfile_names_only_settings() -> None:
    named = set(re.findall(r"REMBUG_[A-Z_]+", (ROOT / "Dockerfile").read_text()))
    assert named
    assert named <= setting_names()


def test_published_ports_are_the_ports_the_program_listens_on() -> None:
    service = compose()["services"]["rembug"]
    inside = {tuple(port.rsplit(":", 1)[1].split("/")) for port in service["ports"]}
    environment = service["environment"]
    web, media = environment["REMBUG_PORT"], environment["REMBUG_MEDIA_PORT"]
    assert inside == {(web, "tcp"), (media, "udp"), (media, "tcp")}
    exposed = re.search(r"^EXPOSE (.+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert exposed is not None
    assert {tuple(port.split("/")) for port in exposed[1].split()} == inside
    defaults = Settings.model_fields
    assert (str(defaults["port"].default), str(defaults["media_port"].default)) == (web, media)


def test_the_data_folder_is_the_volume() -> None:
    service = compose()["services"]["rembug"]
    folder = service["environment"]["REMBUG_DATA_DIR"]
    assert [volume.split(":")[1] for volume in service["volumes"]] == [folder]
    assert f"VOLUME {folder}\n" in (ROOT / "Dockerfile").read_text()


def test_what_is_mounted_is_there_and_what_it_asks_for_is_given() -> None:
    services = compose()["services"]
    mounted = [
        (name, volume.split(":")[0])
        for name in ("front", "caddy", "coturn")
        for volume in services[name]["volumes"]
        if volume.startswith("./")
    ]
    assert len(mounted) == 4
    for name, source in mounted:
        # Where a file has no value of its own to fall back on, Compose must give one.
        asked = re.findall(r"\$\{?(REMBUG_[A-Z_]+)(?![A-Z_]*[:-])", (ROOT / source).read_text())
        assert set(asked) <= set(services[name]["environment"]), (name, source)


def test_the_ports_of_the_front_lead_where_its_services_listen() -> None:
    services = compose()["services"]
    settings = (ROOT / "server" / "data" / "haproxy.cfg").read_text()
    assert services["front"]["ports"] == ["443:8443"]
    assert 'bind "${REMBUG_TLS_BIND-:8443}"' in settings
    assert 'server caddy "${REMBUG_WEB_AT-caddy:443}"' in settings
    assert 'server coturn "${REMBUG_RELAY_AT-coturn:5349}"' in settings
    assert "--tls-listening-port=5349" in services["coturn"]["entrypoint"]
    assert services["rembug"]["environment"]["REMBUG_TURN_URL"].endswith("turns:${REMBUG_TURN_NAME}:443}")
