"""Settings: from the environment (``PESAI_…``) or ``pesai.toml``, typed, in one place."""

import os
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import AnyUrl, ByteSize, Field, TypeAdapter, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

__all__ = ["DEFAULT_BASE", "Settings", "settings"]

DEFAULT_BASE = "https://w3id.org/pes-ai/"


def _size(text: str) -> ByteSize:
    return TypeAdapter(ByteSize).validate_python(text)


class Settings(BaseSettings):
    """Every setting, its type, default and meaning; the reference is made from this."""

    model_config = SettingsConfigDict(env_prefix="PESAI_", toml_file="pesai.toml", extra="forbid")

    home: Path = Field(Path("var"), description="releases, sources, cache and tokens")
    base_iri: str = Field(DEFAULT_BASE, description="base of the node's own IRIs")
    public_url: AnyUrl | None = Field(
        None, description="address seen by users; without it, that of each request is believed"
    )
    trusted_proxy: int = Field(0, ge=0, description="number of proxies whose headers are believed")
    secret_key_file: Path | None = Field(None, description="key of browser sessions")
    engine: str = Field("embedded", description="embedded, or a URL with {audience}")
    result_size: ByteSize = Field(_size("256MiB"), description="limit of one result")
    cache_size: ByteSize = Field(_size("1GiB"), description="limit of the cache of results")
    keep: int = Field(30, ge=1, description="releases whose stores are kept")
    query_seconds: float = Field(20, gt=0, description="time limit of a query")
    signed_in_seconds: float = Field(
        60, gt=0, description="time limit of a query of one who is signed in"
    )
    query_memory: ByteSize = Field(
        _size("1GiB"), description="memory limit of a worker over what it shares"
    )
    client_seconds: float = Field(
        60,
        ge=0,
        description="seconds of evaluation that one client has in a minute; 0 for no limit",
    )
    write_size: ByteSize = Field(_size("16MiB"), description="limit of what one write sends")
    workers: int = Field(
        default_factory=lambda: os.cpu_count() or 1,
        ge=1,
        description="workers for free queries over all audiences; one more is kept for pages",
    )
    dataset: Literal["union", "plain"] = Field(
        "union", description="what the default graph is; plain for the W3C test suite"
    )

    @field_validator("base_iri")
    @classmethod
    def _ends_with_slash(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")) or not value.endswith("/"):
            raise ValueError("must be an http(s) address that ends with '/'")
        return value

    @field_validator("engine")
    @classmethod
    def _one_dataset_for_each_reader(cls, value: str) -> str:
        if value != "embedded" and not (
            value.startswith(("http://", "https://")) and "{audience}" in value
        ):
            raise ValueError("must be embedded, or an http(s) address with {audience} in it")
        return value

    @field_validator("home")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().resolve()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments before environment before file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


@cache
def settings() -> Settings:
    """The settings of this process, read once.

    Raises:
        pydantic.ValidationError: a setting has a wrong value; the message names it.
    """
    return Settings()
