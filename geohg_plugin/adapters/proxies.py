"""Hands the proxy that QGIS is set to on to programs that know nothing of QGIS."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from qgis.core import QgsNetworkAccessManager
from qgis.PyQt.QtCore import QUrl
from qgis.PyQt.QtNetwork import QNetworkProxy, QNetworkProxyFactory, QNetworkProxyQuery

_SOURCE = "https://pypi.org"
_SCHEMES = {
    QNetworkProxy.ProxyType.HttpProxy: "http",
    QNetworkProxy.ProxyType.HttpCachingProxy: "http",
    QNetworkProxy.ProxyType.Socks5Proxy: "socks5h",
}


def proxy_for(address: str) -> str:
    """The address of the proxy, with user and password, that QGIS asks for `address`, or "".

    To be called in the main thread.
    """
    manager = QgsNetworkAccessManager.instance()
    manager.setupDefaultProxyAndCache()  # reads the settings; a bare qgis_process has not yet
    found = manager.proxyFactory().queryProxy(QNetworkProxyQuery(QUrl(address)))
    return _url(found[0], address) if found else ""


def proxy_environment() -> dict[str, str]:
    """Environment variables that name QGIS's proxy; empty where it has none of its own.

    To be called in the main thread. User and password stand in the variables, and so on no
    command line.
    """
    manager = QgsNetworkAccessManager.instance()
    manager.setupDefaultProxyAndCache()  # reads the settings; a bare qgis_process has not yet
    url = _url(manager.fallbackProxy(), _SOURCE)
    if not url:
        return {}
    found = {"HTTP_PROXY": url, "HTTPS_PROXY": url, "ALL_PROXY": url}
    excluded = [_host(text) for text in (*manager.excludeList(), *manager.noProxyList()) if text]
    if excluded:
        found["NO_PROXY"] = ",".join(excluded)
    # Some programs read the one, some the other.
    return {**found, **{name.lower(): value for name, value in found.items()}}


def _url(proxy: QNetworkProxy, address: str) -> str:
    """A proxy as programs want it; empty for none."""
    if proxy.type() == QNetworkProxy.ProxyType.DefaultProxy:
        system = QNetworkProxyFactory.systemProxyForQuery(QNetworkProxyQuery(QUrl(address)))
        proxy = system[0] if system else proxy
    scheme = _SCHEMES.get(proxy.type())
    if scheme is None or not proxy.hostName():
        return ""
    who = ""
    if proxy.user():
        who = f"{quote(proxy.user(), safe='')}:{quote(proxy.password(), safe='')}@"
    return f"{scheme}://{who}{proxy.hostName()}:{proxy.port() or 8080}"


def _host(text: str) -> str:
    return urlsplit(text).hostname or text
