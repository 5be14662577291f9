"""What OWL tools do with the address of the ontology."""

import subprocess
import sys


def test_owlready2_loads_the_ontology_from_its_address(service: str) -> None:
    """In a process of its own: owlready2 keeps one world for all."""
    script = (
        "import sys, owlready2\n"
        "onto = owlready2.get_ontology(sys.argv[1]).load()\n"
        "terms = onto.get_namespace('https://w3id.org/pes-ai/def#')\n"
        "assert terms.Initiative is not None\n"
        "assert terms.hasTheme is not None\n"
        "print(terms.Initiative.label.fr[0], len(list(onto.classes())))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, f"{service}/def"],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    label, classes = done.stdout.rsplit(" ", 1)
    assert label == "initiative"
    assert int(classes) > 40
