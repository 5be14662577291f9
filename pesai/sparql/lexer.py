r"""The tokens of SPARQL that a service must see without parsing a query.

Parsing happens in workers that can be killed; before that, the guard looks for a few words. This
module holds one regular expression that walks over all that is not of interest (comments, strings,
IRIs, names, variables) inside the engine of ``re`` and stops at brackets, declarations and words of
interest. The tokens are those of SPARQL 1.1, section 19.8; possessive quantifiers keep the walk
linear in the length of the text.

Two kinds of text are lexed differently by the grammar and by parsers in use:

* a parsing-expression grammar knows no longest match, so it may read ``SERVICE:x {`` as the keyword
  ``SERVICE`` and the name ``:x``. Such names are reported as ``name``;
* codepoint escapes come before the grammar in SPARQL 1.1 (19.2), others read them in strings and
  IRIs only. ``unescape`` gives the first reading, and the guard looks at both.

A quote that is never closed takes the rest of its line, and no more than 100 characters are tried
as a prefix: without such bounds a hostile text would take time quadratic in its length. (The end
of a longer prefix is still read as one, so nothing can hide behind it.)
"""

import re

__all__ = ["IRI_REFERENCE", "TOKENS", "WHITE_SPACE", "unescape"]

_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_MORE = "0-9\u00b7\u0300-\u036f\u203f-\u2040"
_CHARS = rf"[{_BASE}_{_MORE}\-]"
_UCHAR = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_ECHAR = r"""\\[tbnrf\\"'uU]"""
_PLX = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"

WHITE_SPACE = r"(?:[ \t\r\n]|\#[^\r\n]*+)*+"
IRI_REFERENCE = rf'<(?:[^<>"{{}}|^`\\\x00-\x20]|{_UCHAR})*+>'

_STRING = (
    rf"'''(?:'{{0,2}}+(?:[^'\\]|{_ECHAR}))*+'''"
    rf'|"""(?:"{{0,2}}+(?:[^"\\]|{_ECHAR}))*+"""'
    rf"|(?!''')'(?:[^'\\\r\n]|{_ECHAR})*+'?+"
    rf'|(?!""")"(?:[^"\\\r\n]|{_ECHAR})*+"?+'
)
_NAMESPACE = rf"(?:[{_BASE}](?:\.*+{_CHARS}){{0,100}}+)?+:"
_LOCAL = rf"(?:(?:[{_BASE}_0-9:]|{_PLX})(?:\.*+(?:{_CHARS}|:|{_PLX}))*+)?+"
_NAME = _NAMESPACE + _LOCAL
_VARIABLE = rf"[?$][{_BASE}_0-9][{_BASE}_{_MORE}]*+"
_BLANK_NODE = rf"_:[{_BASE}_0-9](?:\.*+{_CHARS})*+"
_WORD = rf"[{_BASE}_][{_BASE}_0-9]*+"

_KEYWORD = (
    r"(?i:(?:SELECT|ASK|CONSTRUCT|DESCRIBE|INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|ADD|MOVE|COPY|WITH"
    rf"|FROM|BASE|PREFIX|ORDER|LIMIT|OFFSET|REDUCED|SAMPLE|GROUP_CONCAT)(?![{_BASE}_0-9])"
    rf"|[{_BASE}_0-9]*?(?:SERVICE|NOW|RAND|UUID|BNODE))"
)
_SERVICE_NAME = rf"(?=[{_BASE}])[{_BASE}_{_MORE}.\-]{{0,100}}?(?i:SERVICE(?:SILENT)?):"

_SKIPPED = rf"""(?:
    [\ \t\r\n]++ | \#[^\r\n]*+ | {_STRING} | {IRI_REFERENCE} | {_VARIABLE} | {_BLANK_NODE}
  | (?!{_SERVICE_NAME}){_NAME} | @[A-Za-z]++(?:-++[A-Za-z0-9]++)*+
  | (?=[{_BASE}_])(?!{_KEYWORD}){_WORD} | [^{_BASE}_{{}}()\[\]\ \t\r\n\#'"]
)*+"""
_REFERENCE = rf"(?:{IRI_REFERENCE}|{_NAME})"

TOKENS = re.compile(
    rf"""{_SKIPPED}(?:
        (?P<open>[{{(\[]) | (?P<close>[}})\]])
      | (?P<base>(?i:BASE){WHITE_SPACE}(?P<base_iri>{IRI_REFERENCE}))
      | (?P<prefix>(?i:PREFIX){WHITE_SPACE}(?P<label>{_NAMESPACE}){WHITE_SPACE}
            (?P<prefix_iri>{IRI_REFERENCE}))
      | (?P<dataset>(?i:FROM){WHITE_SPACE}(?P<named>(?i:NAMED){WHITE_SPACE})?+
            (?P<graph>{_REFERENCE}))
      | (?P<unclosed>''(?=')|""(?="))
      | (?P<name>(?={_SERVICE_NAME}){_NAME})
      | (?P<word>{_WORD})
      | (?P<end>\Z)
    )""",
    re.VERBOSE,
)
"""Matches, one after the other, cover a text. ``lastgroup`` says what was found: ``open``,
``close``, ``base``, ``prefix``, ``dataset``, ``unclosed``, ``name``, ``word`` or ``end``.

``unclosed`` is the start of a long string that does not end; it is read as an empty short one. Each
costs a look at the rest of the text, so whoever walks gives up after a few."""

_ESCAPE = re.compile(_UCHAR)


def unescape(text: str) -> str:
    r"""The text with its codepoint escapes replaced, as SPARQL 1.1 section 19.2 has it.

    Escapes that stand for no character (surrogates, beyond U+10FFFF) are left as they are.

    >>> unescape(r"S\u0045RVICE")
    'SERVICE'
    """

    def character(found: re.Match[str]) -> str:
        code = int(found[0].lstrip("\\uU"), 16)
        valid = code < 0xD800 or 0xDFFF < code <= 0x10FFFF
        return chr(code) if valid else found[0]

    return _ESCAPE.sub(character, text)
