"""QGIS's proxy reaches the programs of the setup."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from qgis.core import QgsNetworkAccessManager, QgsSettings

from geohg.geohg_plugin.adapters.proxies import proxy_environment, proxy_for


@pytest.fixture
def proxy() -> Iterator[Any]:
    """Sets `proxy/*` as QGIS's options do, and takes all of it back."""
    settings = QgsSettings()

    def set_proxy(**values: Any) -> None:
        for name, value in values.items():
            settings.setValue(f"proxy/{name}", value)

    yield set_proxy
    settings.remove("proxy")
    QgsNetworkAccessManager.instance().setupDefaultProxyAndCache()


def test_none_is_none() -> None:
    assert proxy_environment() == {}


def test_http_proxy_with_password_and_exceptions(proxy: Any) -> None:
    proxy(
        proxyEnabled=True,
        proxyType="HttpProxy",
        proxyHost="proxy.example.org",
        proxyPort="3128",
        proxyUser="me@work",
        proxyPassword="p:ss/wörd",
        noProxyUrls=["http://intranet.example.org/maps"],
    )
    found = proxy_environment()
    url = "http://me%40work:p%3Ass%2Fw%C3%B6rd@proxy.example.org:3128"
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "https_proxy", "all_proxy"):
        assert found[name] == url
    assert found["NO_PROXY"] == found["no_proxy"] == "intranet.example.org"


def test_socks_proxy(proxy: Any) -> None:
    proxy(proxyEnabled=True, proxyType="Socks5Proxy", proxyHost="10.0.0.1", proxyPort="1080")
    assert proxy_environment()["HTTPS_PROXY"] == "socks5h://10.0.0.1:1080"


def test_the_proxy_of_one_address(proxy: Any) -> None:
    assert proxy_for("https://bucket.example.org/tile.tif") == ""
    proxy(
        proxyEnabled=True,
        proxyType="HttpProxy",
        proxyHost="proxy.example.org",
        proxyPort="3128",
        proxyUser="me",
        proxyPassword="p@ss",
        noProxyUrls=["https://intranet.example.org"],
    )
    found = proxy_for("https://bucket.example.org/tile.tif")
    assert found == "http://me:p%40ss@proxy.example.org:3128"
    assert proxy_for("https://intranet.example.org/tile.tif") == ""


def test_one_that_is_not_enabled_is_not_taken(proxy: Any) -> None:
    proxy(proxyEnabled=False, proxyType="HttpProxy", proxyHost="10.0.0.1", proxyPort="1080")
    assert proxy_environment() == {}
