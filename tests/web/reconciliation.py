"""The published JSON schemas of the Reconciliation Service API 0.2, when they are there."""

import json
import os
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft7Validator
from referencing import Registry
from referencing.jsonschema import DRAFT7


def folder_of_schemas() -> Path:
    """The folder ``reconciliation/0.2`` beside the classifications.

    Skips the test, or fails it when ``PESAI_REQUIRE_TAXONOMIES=1``, if it is not there.
    """
    named = os.environ.get("PESAI_TAXONOMIES", "")
    folder = Path(named).parent / "reconciliation" / "0.2"
    if named and folder.is_dir():
        return folder
    reason = (
        "there are no JSON schemas of the Reconciliation API in PESAI_TAXONOMIES/../reconciliation"
    )
    if os.environ.get("PESAI_REQUIRE_TAXONOMIES") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def check(kind: str, document: object) -> None:
    """Hold a document against the schema of its kind (``manifest``, ``suggest-types-response``)."""
    errors = [
        f"{error.json_path}: {error.message}" for error in _validator(kind).iter_errors(document)
    ]
    assert not errors, errors[:5]


@cache
def _validator(kind: str) -> Draft7Validator:
    folder = folder_of_schemas()
    documents = {path.stem: json.loads(path.read_bytes()) for path in folder.glob("*.json")}
    registry = Registry().with_resources(
        (document["$id"], DRAFT7.create_resource(document)) for document in documents.values()
    )
    return Draft7Validator(documents[kind], registry=registry)
