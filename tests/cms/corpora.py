"""Texts that other programs would run, and targets that would lead to another site; of our own writing."""

from itertools import product

# What stands in a text where something would be reckoned, and what comes of it: no page says this by itself.
PRODUCT, RECKONED = "7331*7331", str(7331 * 7331)
_OPENINGS = (
    "{{%s}}", "{{ %s }}", "{{=%s}}", "{{{%s}}}", "{{#%s}}", "{{&%s}}", "{{-%s-}}", "{{%s|safe}}", "{%% print(%s) %%}",
    "{%%- print %s -%%}", "{%% set x=%s %%}{{x}}", "{# %s #}", "${%s}", "${{%s}}", "$(%s)", "$((%s))", "$%s", "#{%s}",
    "#{{%s}}", "*{%s}", "@{%s}", "@(%s)", "~{%s}", "!{%s}", "%%{%s}", "[[%s]]", "[[${%s}]]", "[(${%s})]", "[%%= %s %%]",
    "<%%= %s %%>", "<%%- %s %%>", "<%% %s %%>", "<%%== %s %%>", "<?= %s ?>", "<?php echo %s; ?>", "<#assign x=%s>${x}",
    "<#--%s-->", "#set($x=%s)$x", "`%s`", "{php}%s{/php}", "{%s}", "{$x=%s}{$x}", "{if %s}x{/if}", "{math equation=%s}",
    "\\{{%s}}", "%s", "=%s", "+%s", "@%s", "eval(%s)", "{{'%s'}}", '{{"%s"}}', "{{%s}}{{", "}}{{%s}}", "{{range %s}}",
    "{{constructor.constructor('return %s')()}}", "{{$on.constructor('return %s')()}}", "{{_self.env.display(%s)}}",
    '<p th:text="${%s}"></p>', '<div v-html="%s" v-if="%s"></div>', '<b ng-bind="%s"></b>', "<x-{{%s}}>",
    "{{ [%s]|join }}", "{{ (%s)|string }}", "{%% if %s %%}x{%% endif %%}", "{%% raw %%}{{%s}}{%% endraw %%}",
    "&#123;&#123;%s&#125;&#125;", "\uff5b\uff5b%s\uff5d\uff5d", "{\u200b{%s}}", "%%7B%%7B%s%%7D%%7D", "{{\n%s\n}}",
)  # fmt: skip
_REACHING = (
    "config", "self", "request", "g", "site", "cycler", "lipsum", "page", "shop", "block", "get_flashed_messages()",
    "url_for.__globals__", "''.__class__.__mro__[1].__subclasses__()", "request.application.__globals__",
    "config.items()", "self._TemplateReference__context", "range(99999999)", "cycler.__init__.__globals__.os.popen(1)",
    "().__class__.__bases__[0]", "''|attr('__class__')", "joiner.__init__.__globals__", "namespace.__init__",
    "settings.SECRET_KEY", "env", "_context", "T(java.lang.Runtime)", "this.constructor", "process.env",
)  # fmt: skip
_AROUND = ("{{%s}}", "{%% for x in %s %%}{{x}}{%% endfor %%}", "${%s}", "#{%s}", "{%s}", "<%%= %s %%>")
FORMATS = (
    "%s", "%d", "%x", "%n%n%n%n", "%1$s", "%(name)s", "%(shop)s", "%(count)d", "%(num)s", "%%", "%", "100% of %s",
    "%s%s%s%s%s%s%s%s", "%c%c", "%.99999999f", "%*d", "%(title)s %(", "{}", "{0}", "{1}", "{name}", "{shop}", "{email}",
    "{company}", "{best_endings}", "{vat_number}", "{0.__class__}", "{0.__class__.__mro__}", "{self}", "{0!r}",
    "{0:>999999999}", "{name.__init__.__globals__}", "{", "}", "{{", "}}", "{}{}", "{0[0]}", "[company]", "[[shop]]",
    "{count, plural, one {# file} other {# files}}", "{n, select, a {x} other {y}}", "{0, number, percent}",
    "{d, date, ::yyyyMMdd}", "'{'0'}'", "{0,choice,0#none|1#one}", "$name", "${name}", "$1", "\\1", "\\g<0>", "\\u007b",
    ":shop", "{{t 'x'}}", "_('x')", "gettext('x')", "@:link.key", "$t(key)", "{:name}", "<0>x</0>", "&{x}", "&shop;",
)  # fmt: skip


def templates() -> list[str]:
    """Return texts in the languages of templates and of formats, each once."""
    reckoning = [each.replace("%s", PRODUCT).replace("%%", "%") for each in _OPENINGS]
    reaching = [around.replace("%s", what).replace("%%", "%") for what, around in product(_REACHING, _AROUND)]
    return list(dict.fromkeys([*reckoning, *reaching, *FORMATS]))


ELSEWHERE = "evil.test"
_HOSTS = (
    "evil.test", "evil.test/", "EVIL.TEST/path", "evil.test:443/", "evil\u3002test", "evil\uff0etest/", "evil%2etest",
    "user@evil.test/", "{own}@evil.test", "{own}:443@evil.test/", "{own}%40evil.test", "{own}.evil.test",
    "evil.test#{own}",
    "evil.test?{own}", "evil.test\\@{own}", "[::ffff:1.2.3.4]/", "0x01020304/", "\u24d4vil.test/",
)  # fmt: skip
_WAYS = (
    "//", "///", "////", "/\\", "\\/", "\\\\", "/\\/", "\\", "/\t/", "/\n/", "/\r\n/", "\t//", "\n//", " //",
    "\u00a0//",
    "\u2028//", "\x00//", "\x1f//", "/%09/", "/%2f", "/%5c", "%2f%2f", "/./", "/.//", "/..//", "/x/..//", "/\u2044/",
    "/\uff0f", ";//", "?//", "https:", "https:/", "https:///", "https:\\\\", "https:\\/", "https:/\\",
    "HTTPS:", "http:",
    "http:/", "http:\\\\", "ht\ttps://", "https:\n//", "\x01https://", " https://", "https\uff1a//", "https%3a//",
    "//{own}//", "//{own}\\@", "/%0d%0aLocation:https://", "/\r\nLocation: https://", "https://{own}@",
    "https://{own}:1@",
    "https://user:pw@", "https://", "http://", "ftp://", "ws://", "blob:https://", "view-source:https://", "feed:https://",
    "javascript://", "data:text/html,//", "vbscript://", "jar:https://", "intent://", "file://", "about:blank#//",
)  # fmt: skip
_OTHERS = (
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "java\nscript:alert(1)",
    " javascript:alert(1)",
    "\x01javascript:alert(1)", "javascript&colon;alert(1)", "javascript%3aalert(1)", "//javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>", "data:text/html;base64,PHNjcmlwdD4=", "vbscript:msgbox", "about:blank",
    "mailto:a@b.test\r\nBcc: c@evil.test", "/ok\r\nSet-Cookie: a=b", "/ok\nLocation: //evil.test",
    "/ok\u560d\u560aX: y",
    "/%E5%98%8D%E5%98%8ASet-Cookie:a=b", "/ok\x00//evil.test", "", " ", "/", "//", "\\", "/\\", "http://", "https://",
    "https://[", "https://[::1", "https://evil.test:99999/", "https://evil.test:x/", "https://\u202eevil.test/",
    "://evil.test",
)  # fmt: skip


def targets(own: str) -> list[str]:
    """Return targets that try to lead from a host of ours to another, each once."""
    made = [(way + host).replace("{own}", own) for way, host in product(_WAYS, _HOSTS)]
    return list(dict.fromkeys([*made, *_OTHERS]))
