"""Make the excerpts in this folder from the vocabularies they are taken from. Tests only read them.

    npm pack schema-dts@2.1.0 && tar xzf schema-dts-2.1.0.tgz
    python tests/schemas/excerpt.py schemaorg package/dist/schema.d.ts > tests/schemas/schemaorg.json
    pip download --no-deps cffconvert==2.0.0 && unzip cffconvert-2.0.0-py3-none-any.whl
    python tests/schemas/excerpt.py cff cffconvert/schemas/1.2.0/schema.json > tests/schemas/cff.json

Whoever lets pages say more adds the types or properties below and makes the excerpt anew; a word that
the vocabulary does not have stops the script.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

TYPES = [
    "Book", "Claim", "ClaimReview", "DataDownload", "Dataset", "NewsArticle", "Organization", "Place", "Rating",
    "WebSite",
]  # fmt: skip
PROPERTIES = [
    "about", "alternateName", "appearance", "author", "bookEdition", "claimReviewed", "contentUrl", "creator",
    "datePublished", "description", "distribution", "encodingFormat", "inLanguage", "isAccessibleForFree",
    "isBasedOn", "isPartOf", "itemReviewed", "keywords", "license", "name", "ratingExplanation", "ratingValue",
    "reviewAspect", "reviewRating", "spatialCoverage", "temporalCoverage", "url", "variableMeasured", "version",
]  # fmt: skip
CFF = [
    "cff-version", "title", "message", "type", "abstract", "authors", "version", "date-released", "license",
    "keywords", "url", "repository-code",
]  # fmt: skip


def schemaorg(text: str) -> dict[str, Any]:
    """Of schema-dts's declarations (Apache 2.0; of schema.org's terms, CC BY-SA 3.0) what is named above.

    `types` leads from each type, and each it inherits from, to those it is a kind of; `properties` to
    the types of these that have a property (`domain`) and to what its values may be (`range`).
    """
    blocks = re.findall(r"^interface (\w+)Base extends ([^{]+)\{(.*?)^\}", text, re.M | re.S)
    above = {name: re.findall(r"(\w+)Base\b", parents) for name, parents, _ in blocks}
    wanted, types = list(TYPES), {}
    while wanted:
        name = wanted.pop()
        types[name] = above[name]
        wanted += above[name]
    line = re.compile(r'^\s+"(\w+)"\?: SchemaValue<(.+), "\w+">;', re.M)
    properties: dict[str, Any] = {}
    for name, _, body in blocks:
        for term, values in line.findall(body):
            entry = properties.setdefault(term, {"domain": [], "range": set()})
            entry["domain"] += [name] if name in types else []
            entry["range"] |= set(values.split(" | ")) - {"IdReference"}
    chosen = {
        term: {"domain": sorted(properties[term]["domain"]), "range": sorted(properties[term]["range"])}
        for term in PROPERTIES
    }
    return {"types": dict(sorted(types.items())), "properties": chosen}


def cff(text: str) -> dict[str, Any]:
    """The Citation File Format's schema 1.2.0 (CC BY 4.0), with the fields above and what they refer to."""
    whole = json.loads(text)
    part = {key: whole[key] for key in ("$schema", "$id", "type", "required", "additionalProperties")}
    part["properties"] = {name: whole["properties"][name] for name in CFF}
    part["definitions"], wanted = {}, _references(part["properties"])
    while wanted:
        name = wanted.pop()
        if name not in part["definitions"]:
            part["definitions"][name] = whole["definitions"][name]
            wanted |= _references(whole["definitions"][name])
    part = _bare(part | {"definitions": dict(sorted(part["definitions"].items()))})
    # of some 450 licences of the SPDX list the two that the project has
    known = {"MIT", "CC-BY-4.0"}
    part["definitions"]["license-enum"]["enum"] = sorted(
        known & set(part["definitions"]["license-enum"]["enum"])
    )
    return part


def _references(part: Any) -> set[str]:
    return set(re.findall(r'"#/definitions/([^"]+)"', json.dumps(part)))


def _bare(part: Any) -> Any:
    """Without descriptions and examples."""
    if isinstance(part, dict):
        dropped = {key for key in ("description", "examples") if isinstance(part.get(key), (str, list))}
        return {key: _bare(value) for key, value in part.items() if key not in dropped}
    return [_bare(value) for value in part] if isinstance(part, list) else part


if __name__ == "__main__":
    excerpt = {"schemaorg": schemaorg, "cff": cff}[sys.argv[1]](Path(sys.argv[2]).read_text(encoding="utf-8"))
    print(json.dumps(excerpt, indent=1, ensure_ascii=False))
