"""Labels made comparable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pesai.alignment import spelling
from pesai.alignment.text import fold, forms, likeness, plain, words

GENDERS = {
    "Abatteur / Abatteuse de carrière": ("abatteur de carriere", "abatteuse de carriere"),
    "Directeur adjoint / Directrice adjointe d'agence": (
        "directeur adjoint d agence", "directrice adjointe d agence",
    ),
    "conducteur de train/conductrice de train": ("conducteur de train", "conductrice de train"),
    "Commissaire aux comptes Associé / Associée": (
        "commissaire aux comptes associe", "commissaire aux comptes associee",
    ),
    "Auxiliaire Spécialisé / Spécialisée Vétérinaire -ASV-": (
        "auxiliaire specialise veterinaire asv", "auxiliaire specialisee veterinaire asv",
    ),
    "Homme / Femme de pied": ("homme de pied", "femme de pied"),
    "valet de chambre/femme de chambre": ("valet de chambre", "femme de chambre"),
    "tôlier/ tôlière": ("tolier", "toliere"),
}  # fmt: skip


@pytest.mark.parametrize("label", GENDERS)
def test_each_gender_alone(label: str) -> None:
    assert set(GENDERS[label]) <= set(forms(label))
    assert forms(label)[0] == fold(label)


@pytest.mark.parametrize(
    "label", ["Responsable d'atelier en plastique/caoutchouc", "a/b/c", "/", "x /", "/ x", "//"]
)
def test_other_slashes_do_no_harm(label: str) -> None:
    assert forms(label)[0] == fold(label)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Vendeur(se) en boulangerie (H/F)", "Vendeur en boulangerie"),
        ("Développeur web F/H", "Développeur web"),
        ("Conseiller·ère", "Conseiller"),
        ("Data scientist (m/w/d)", "Data scientist"),
        ("H/F", "H/F"),
        ("Ingénieur (IA)", "Ingénieur (IA)"),
    ],
)
def test_signs_for_all_genders_go(text: str, meant: str) -> None:
    assert plain(text) == meant


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text)
    assert fold(once) == once
    assert "  " not in once
    assert not set(once) & set("\"'*():^-_{}\x00")


@given(st.text(max_size=60), st.text(max_size=60))
def test_likeness_is_a_share_and_the_same_both_ways(one: str, other: str) -> None:
    a, b = fold(one), fold(other)
    assert 0 <= likeness(a, b) <= 1
    assert likeness(a, b) == pytest.approx(likeness(b, a))
    assert (likeness(a, b) == 1.0) >= (a == b)


@given(st.text())
def test_forms_and_words_of_anything(text: str) -> None:
    assert all(form == fold(form) for form in forms(text))
    assert bool(words(fold(text))) == bool(fold(text))


WORD = st.text("abcdefghij", min_size=4, max_size=9)


@given(WORD, st.integers(0, 8), st.sampled_from(["insert", "delete", "replace", "swap"]))
def test_every_single_slip_shares_a_key(word: str, place: int, slip: str) -> None:
    place %= len(word)
    letters = list(word)
    if slip == "insert":
        letters.insert(place, "z")
    elif slip == "delete":
        del letters[place]
    elif slip == "replace":
        letters[place] = "z"
    elif place:
        letters[place - 1], letters[place] = letters[place], letters[place - 1]
    wrong = "".join(letters)
    assert spelling.distance(wrong, word, 2) <= 1
    assert spelling.near(wrong) & spelling.keys(word)


@given(WORD, WORD)
def test_distance_is_the_same_both_ways_and_stops_at_its_limit(one: str, other: str) -> None:
    assert spelling.distance(one, other, 9) == spelling.distance(other, one, 9)
    assert min(spelling.distance(one, other, 9), 3) == spelling.distance(one, other, 2)
