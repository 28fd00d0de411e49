"""Writes schemata.txt from the model of the Python package followthemoney.

    python3 -m venv /tmp/ftm && /tmp/ftm/bin/pip install followthemoney==4.11.2
    /tmp/ftm/bin/python src/model/ftm/schemata.py >src/model/ftm/schemata.txt

The package has the schemata as YAML files with what they inherit left out; the same is written here, in lines that need
no reader of YAML. `ftm dump-model` would give twenty times as much.
"""

import importlib.metadata

from followthemoney import model
from followthemoney.types import registry

NAME = "followthemoney"


def licence() -> str:
    files = importlib.metadata.files(NAME) or []
    path = next(it for it in files if it.name.startswith("LICENSE"))
    return path.read_text()


def main() -> None:
    print(f"# The schemata of FollowTheMoney {importlib.metadata.version(NAME)}, written by schemata.py.")
    print("#")
    for line in licence().splitlines():
        print(f"# {line}".rstrip())
    print("#")
    print("# schema NAME PARENT…, an abstract one with a !; then what it adds to its parents:")
    print("# edge SOURCE TARGET (edge-undirected where the two are alike); caption, start, end, required PROPERTY…;")
    print("# .PROPERTY TYPE (string if none) [>RANGE [<REVERSE]]; and at the end country CODE NAME.")
    for schema in sorted(model, key=lambda it: it.name):
        parents = " ".join(sorted(it.name for it in schema.extends))
        print(f"schema {schema.name}{'!' if schema.abstract else ''} {parents}".rstrip())
        if schema.edge:
            word = "edge" if schema.edge_directed else "edge-undirected"
            print(f"{word} {schema.edge_source} {schema.edge_target}")
        lists = [
            ("caption", schema.caption),
            ("start", schema.temporal_start),
            ("end", schema.temporal_end),
            ("required", schema.required),
        ]
        for word, names in lists:
            if names:
                print(f"{word} {' '.join(names)}")
        for prop in sorted(schema.properties.values(), key=lambda it: it.name):
            if prop.schema is not schema or prop.stub:
                continue
            words = [f".{prop.name}"]
            if prop.type != registry.string:
                words.append(prop.type.name)
            if prop.range is not None:
                words.append(f">{prop.range.name}")
            if prop.reverse is not None:
                words.append(f"<{prop.reverse.name}")
            print(" ".join(words))
    for code, name in sorted(registry.country.names.items()):
        print(f"country {code} {name}")


if __name__ == "__main__":
    main()
