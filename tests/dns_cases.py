"""The table of the Domain Doctor: what was found, and the diagnosis and the light that it must have."""

from dataclasses import dataclass, field
from typing import Any

from tenants.verification import CertificateFacts, Light, Verdict, judge
from tests.dns_found import CODE, EDGE, FOREIGN, FOREIGN6, NOW, OURS, OURS6, see, want

RIGHT_CODE = f"_shop-challenge.shop TXT {CODE}"
ALIAS = (f"shop A {EDGE} > {OURS}", f"shop AAAA {EDGE} > {OURS6}", f"shop CNAME {EDGE}")
APEX = {"host": "example.com"}
APEX_CODE = f"_shop-challenge TXT {CODE}"


@dataclass(frozen=True, kw_only=True)
class Case:
    """What was found, and the diagnosis and the light that it must have."""

    key: str
    light: Light
    lines: tuple[str, ...]
    want: dict[str, Any] = field(default_factory=dict)
    see: dict[str, Any] = field(default_factory=dict)
    says: tuple[str, ...] = ()  # words that the two sentences must hold
    about: str = "dns"
    name: str = ""

    def judge(self, certificate: CertificateFacts | None = None) -> Verdict:
        wanted = want(**self.want)
        return judge(wanted, see(wanted, *self.lines, **self.see), NOW, certificate)


W, R, WAIT, UNKNOWN = Light.WRONG, Light.RIGHT, Light.WAITING, Light.COULD_NOT_ASK
CASES = [
    Case(key="right", light=R, lines=ALIAS),
    Case(key="right", light=R, want=APEX, lines=(f"@ A {OURS}", f"@ AAAA {OURS6}")),
    Case(key="right_by_address", light=R, lines=(f"shop A {OURS}",), says=(EDGE,)),
    Case(key="points_elsewhere", light=W, lines=(f"shop A {FOREIGN}",), says=(FOREIGN, "example.com")),
    Case(
        key="points_elsewhere",
        name="both",
        light=W,
        lines=(f"shop A {FOREIGN}", f"shop AAAA {FOREIGN6}"),
        says=(FOREIGN6,),
    ),
    Case(
        key="points_elsewhere",
        name="alias",
        light=W,
        lines=("shop CNAME shops.other.com", f"shop A shops.other.com > {FOREIGN}"),
        says=("shops.other.com", FOREIGN),
    ),
    Case(key="ipv6_left_over", light=W, lines=(f"shop A {OURS}", f"shop AAAA {FOREIGN6}"), says=(FOREIGN6, "delete")),
    Case(
        key="one_of_several_foreign", light=W, lines=(f"shop A {OURS}", f"shop A {FOREIGN}"), says=(FOREIGN, "delete")
    ),
    Case(key="ipv4_missing", light=W, lines=(f"shop AAAA {OURS6}",), says=("IPv4",)),
    Case(
        key="cname_at_apex", light=W, want=APEX, lines=(f"@ CNAME {EDGE}", f"@ A {EDGE} > {OURS}"), says=("CNAME", EDGE)
    ),
    Case(
        key="doubled_label",
        light=W,
        lines=(f"shop.example.com A {OURS}",),
        says=("shop.example.com.example.com", "only: shop"),
    ),
    Case(
        key="missing_dot",
        light=W,
        lines=(f"shop CNAME {EDGE}.example.com", f"shop A {EDGE}.example.com >"),
        says=(f"{EDGE}.",),
    ),
    Case(key="wildcard_answers", light=W, lines=(f"*shop A {FOREIGN}",), says=("*.example.com", FOREIGN)),
    Case(key="proxied", name="address", light=W, lines=("shop A 104.16.132.229",), says=("Cloudflare",)),
    Case(key="proxied", name="address6", light=W, lines=("shop AAAA 2a04:4e42::1",), says=("Fastly",)),
    Case(key="proxied", name="alias", light=W, lines=(f"shop A d1.cloudfront.net > {FOREIGN}",), says=("CloudFront",)),
    Case(
        key="no_such_name",
        light=WAIT,
        lines=("shop A !no_name 1500", "shop AAAA !no_name 600"),
        says=("25 more", "min"),
    ),
    Case(
        key="no_address", light=WAIT, lines=("shop A !no_records 900", "shop AAAA !no_records 900"), says=("no alias",)
    ),
    Case(key="dnssec_bogus", light=W, lines=("shop A !bogus", "shop AAAA !bogus"), says=("DNSSEC", "DS")),
    Case(
        key="dnssec_bogus",
        name="one-checks",
        light=W,
        lines=("[9.9.9.9] shop A !bogus", f"[1.1.1.1] shop A {EDGE} > {OURS}"),
    ),
    Case(
        key="nameservers_disagree",
        light=W,
        lines=(*ALIAS, f"[ns1] shop A {EDGE} >", f"[ns2] shop A {FOREIGN}"),
        says=("ns1.hostivar.cz already", "ns2.hostivar.cz do not"),
    ),
    Case(
        key="lame_delegation",
        light=W,
        lines=(
            "shop A !failed servfail",
            "shop AAAA !failed servfail",
            "[ns1] @ SOA !failed refused",
            "[ns2] @ SOA !failed lame",
        ),
        says=("ns1.hostivar.cz, ns2.hostivar.cz",),
    ),
    Case(
        key="no_nameservers", light=W, lines=("@ NS !no_records 300",), see={"nameservers": ()}, says=("name servers",)
    ),
    Case(
        key="not_registered", light=W, lines=("@ NS !no_name 300",), see={"nameservers": ()}, says=("not registered",)
    ),
    Case(key="servers_fail", light=UNKNOWN, lines=("shop A !failed servfail", "shop AAAA !failed servfail")),
    Case(key="no_answer", light=UNKNOWN, lines=("shop A !failed timeout", "shop AAAA !failed timeout")),
    Case(
        key="no_answer",
        name="only-ipv6-answered",
        light=UNKNOWN,
        lines=("shop A !failed timeout", "shop AAAA !no_records 300"),
    ),
    Case(key="private_address", light=W, lines=("shop A 192.168.1.10",), says=("192.168.1.10", "private")),
    Case(key="private_address", name="loopback", light=W, lines=("shop AAAA ::1",), says=("::1",)),
    Case(key="old_address", light=W, lines=("shop A 81.2.198.7",), says=("until we moved",)),
    Case(
        key="parked",
        name="servers",
        light=W,
        lines=(f"shop A {FOREIGN}",),
        see={"nameservers": ("ns1.sedoparking.com",)},
        says=("Sedo",),
    ),
    Case(key="parked", name="address", light=W, lines=("shop A 199.59.243.200",), says=("Bodis",)),
    Case(
        key="cname_to_platform",
        light=W,
        lines=("shop CNAME nordhost.vitrine.example", f"shop A nordhost.vitrine.example > {OURS}"),
        says=("nordhost.vitrine.example", f"{EDGE}."),
    ),
    Case(
        key="cname_misspelt",
        light=W,
        lines=("shop CNAME egde.vitrine.exmaple", "shop A egde.vitrine.exmaple >"),
        says=("nearly",),
    ),
    Case(
        key="cname_to_nothing",
        light=W,
        lines=("shop CNAME old.host.net", "shop A old.host.net > gone.host.net >"),
        says=("gone.host.net",),
    ),
    Case(
        key="spreading",
        light=WAIT,
        lines=(f"[9.9.9.9] shop A {EDGE} > {OURS}", f"[1.1.1.1] shop A {FOREIGN}"),
        says=("1.1.1.1", "60 more min"),
    ),
    Case(
        key="spreading",
        name="servers-know",
        light=WAIT,
        lines=(f"shop A {FOREIGN}", f"[ns1] shop A {EDGE} >", f"[ns2] shop A {EDGE} >"),
    ),
    Case(
        key="absence_remembered",
        light=WAIT,
        lines=("shop A !no_name 1200", f"[ns1] shop A {EDGE} >", f"[ns2] shop A {EDGE} >"),
        says=("20 more min", "nothing"),
    ),
    Case(
        key="apex_not_offered",
        light=W,
        want={**APEX, "addresses4": (), "addresses6": ()},
        lines=(f"@ A {FOREIGN}",),
        says=("www.example.com",),
    ),
    # Ownership.
    Case(key="code_found", about="ownership", light=R, lines=(RIGHT_CODE,)),
    Case(
        key="code_found",
        name="among-others",
        about="ownership",
        light=R,
        lines=(RIGHT_CODE, "_shop-challenge.shop TXT other"),
    ),
    Case(key="code_missing", about="ownership", light=WAIT, lines=ALIAS, says=("_shop-challenge.shop.example.com",)),
    Case(
        key="code_quoted",
        about="ownership",
        light=W,
        lines=(f'_shop-challenge.shop TXT "{CODE}"',),
        says=("quotation",),
    ),
    Case(
        key="code_with_more",
        about="ownership",
        light=W,
        lines=(f"_shop-challenge.shop TXT shop={CODE}",),
        says=(f"only: {CODE}",),
    ),
    Case(
        key="code_with_more",
        name="capitals",
        about="ownership",
        light=W,
        lines=(f"_shop-challenge.shop TXT {CODE.upper()}",),
    ),
    Case(
        key="code_stale",
        about="ownership",
        light=W,
        lines=("_shop-challenge.shop TXT vt-aaaa-bbbb-cccc",),
        says=("vt-aaaa",),
    ),
    Case(
        key="code_other_text",
        about="ownership",
        light=W,
        lines=("_shop-challenge.shop TXT v=spf1 -all",),
        says=("v=spf1",),
    ),
    Case(
        key="code_at_doubled_name",
        about="ownership",
        light=W,
        lines=(f"_shop-challenge.shop.example.com TXT {CODE}",),
        says=("only: _shop-challenge.shop",),
    ),
    Case(
        key="code_at_host", about="ownership", light=W, lines=(f"shop TXT {CODE}",), says=("shop.example.com itself",)
    ),
    Case(
        key="code_at_other_name",
        about="ownership",
        light=W,
        lines=(f"_shop-challenge TXT {CODE}",),
        says=("only: _shop-challenge.shop",),
    ),
    Case(
        key="code_spreading",
        about="ownership",
        light=WAIT,
        lines=(f"[9.9.9.9] {RIGHT_CODE}", "[1.1.1.1] _shop-challenge.shop TXT !no_name 600"),
        says=("10 min",),
    ),
    Case(
        key="code_spreading",
        name="servers-know",
        about="ownership",
        light=WAIT,
        lines=("_shop-challenge.shop TXT !no_name 600", f"[ns1] {RIGHT_CODE}"),
    ),
    Case(key="no_answer", about="ownership", light=UNKNOWN, lines=("_shop-challenge.shop TXT !failed timeout",)),
    Case(key="dnssec_bogus", about="ownership", light=UNKNOWN, lines=("_shop-challenge.shop TXT !bogus",)),
    Case(
        key="dnssec_bogus",
        name="whole-zone",
        about="ownership",
        light=UNKNOWN,
        lines=("shop A !bogus", "shop AAAA !bogus", "_shop-challenge.shop TXT !bogus"),
    ),
    # The certificate.
    Case(key="certificate_waits_for_dns", about="certificate", light=WAIT, lines=(RIGHT_CODE,)),
    Case(key="certificate_waits_for_code", about="certificate", light=WAIT, lines=ALIAS),
    Case(key="certificate_asked", about="certificate", light=WAIT, lines=(*ALIAS, RIGHT_CODE)),
    Case(
        key="certificate_asked",
        name="caa-names-ours",
        about="certificate",
        light=WAIT,
        lines=(*ALIAS, RIGHT_CODE, "@ CAA 0 issue letsencrypt.org"),
    ),
    Case(
        key="caa_forbids",
        about="certificate",
        light=W,
        lines=(*ALIAS, RIGHT_CODE, "@ CAA 0 issue sectigo.com"),
        says=("sectigo.com", "example.com"),
    ),
    Case(
        key="caa_forbids",
        name="before-dns",
        about="certificate",
        light=W,
        lines=("com. CAA 0 issue ;",),
        says=("anybody",),
    ),
    Case(
        key="caa_could_not_ask", about="certificate", light=UNKNOWN, lines=(*ALIAS, RIGHT_CODE, "@ CAA !failed timeout")
    ),
]
