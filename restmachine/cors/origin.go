package cors

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// This file reads origins. In comes the text of a Policy, or of a request. Out comes the origin,
// or what is wrong with the text. Only what a browser can write is an origin: browsers compare
// the text, byte by byte.

// An origin is where a page is from (RFC 6454, 4; HTML standard, "Origin").
type origin struct {
	scheme, host, port string // port is "" where it is the scheme's default
	subdomains         bool   // the origins of all hosts below host are meant
}

// isBelow reports whether o is one of the origins that a pattern stands for.
func (o origin) isBelow(pattern origin) bool {
	return o.scheme == pattern.scheme && o.port == pattern.port && strings.HasSuffix(o.host, "."+pattern.host)
}

// String is the origin as a browser writes it, and a pattern as it is read.
func (o origin) String() string {
	text := o.scheme + "://"
	if o.subdomains {
		text += "*."
	}
	if text += o.host; o.port != "" {
		text += ":" + o.port
	}
	return text
}

// parse reads an origin, or a pattern for those of subdomains. wrong says what is wrong with it;
// "" where nothing is.
func parse(text string) (o origin, wrong string) {
	scheme, rest, found := strings.Cut(text, "://")
	switch {
	case !found || scheme == "":
		return o, `it needs a scheme, such as "https://"`
	case strings.ToLower(text) != text:
		return o, "browsers write it in lower case"
	case !isScheme(scheme):
		return o, fmt.Sprintf("%q is not a scheme", scheme)
	case slices.Contains(nullSchemes, scheme):
		return o, fmt.Sprintf("a page of %s: does not have an origin: browsers write \"null\"", scheme)
	case scheme == "ws" || scheme == "wss":
		return o, "the page that opens a WebSocket has the origin of its own scheme"
	case strings.ContainsAny(rest, "/?#"):
		return o, "it ends with the host and the port: no path and no slash follows"
	case strings.Contains(rest, "@"):
		return o, "it does not have a user"
	}
	rest, o.subdomains = strings.CutPrefix(rest, "*.")
	host, port, hasPort := cutPort(rest)
	o.scheme, o.host, o.port = scheme, host, port
	if wrong = wrongHost(host, o.subdomains); wrong == "" && hasPort {
		wrong = wrongPort(scheme, port)
	}
	return o, wrong
}

// nullSchemes are those whose pages have the origin "null".
var nullSchemes = []string{"file", "data", "blob", "about", "javascript"}

func isScheme(s string) bool {
	return s[0] >= 'a' && s[0] <= 'z' && consistsOf(s, "+-.")
}

// consistsOf reports whether a text has only small letters, digits, and others.
func consistsOf(s, others string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && strings.IndexByte(others, c) < 0 {
			return false
		}
	}
	return true
}

// cutPort cuts the port off. An IPv6 address has colons of its own, and stands in brackets.
func cutPort(rest string) (host, port string, found bool) {
	if !strings.HasPrefix(rest, "[") {
		return strings.Cut(rest, ":")
	}
	end := strings.IndexByte(rest, ']') + 1
	port, found = strings.CutPrefix(rest[end:], ":")
	if end == 0 || !found && port != "" {
		return rest, "", false // it is not a host
	}
	return rest[:end], port, found
}

func wrongHost(host string, subdomains bool) string {
	name := strings.TrimSuffix(host, ".")
	labels := strings.Split(name, ".")
	last := labels[len(labels)-1]
	switch {
	case strings.HasPrefix(host, "["):
		return wrongIPv6(host, subdomains)
	case strings.Contains(host, "*"):
		return `"*." stands in front of the host alone, for subdomains; for anything else write a Match`
	case slices.ContainsFunc([]byte(host), func(c byte) bool { return c >= 0x80 }):
		return `browsers write such a host in ASCII: "xn--…"`
	case slices.Contains(labels, "") || len(name) > 253 || !consistsOf(name, "-_."):
		return fmt.Sprintf("%q is not a host", host)
	case isNumber(last):
		if ip, err := netip.ParseAddr(host); err != nil || !ip.Is4() {
			return fmt.Sprintf("%q is not an IPv4 address as browsers write it", host)
		}
		if subdomains {
			return "an address does not have subdomains"
		}
	case subdomains && len(labels) == 1 && name != "localhost":
		return fmt.Sprintf("anybody can have a host below %q: name the domain", name)
	}
	return ""
}

// isNumber reports whether a browser reads the last label of a host as a part of an IPv4 address
// (URL standard, "ends in a number").
func isNumber(label string) bool {
	if hex, ok := strings.CutPrefix(label, "0x"); ok {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	return strings.Trim(label, "0123456789") == ""
}

func wrongIPv6(host string, subdomains bool) string {
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	if err != nil || !ip.Is6() || ip.Zone() != "" {
		return fmt.Sprintf("%q is not an IPv6 address", host)
	}
	if written := "[" + written(ip) + "]"; written != host {
		return fmt.Sprintf("browsers write %q", written)
	}
	if subdomains {
		return "an address does not have subdomains"
	}
	return ""
}

// written is an IPv6 address as browsers write it: never with dots.
func written(ip netip.Addr) string {
	if ip.Is4In6() {
		b := ip.As16()
		return fmt.Sprintf("::ffff:%x:%x", int(b[12])<<8|int(b[13]), int(b[14])<<8|int(b[15]))
	}
	return ip.String()
}

// defaultPorts are those that browsers leave out.
var defaultPorts = map[string]string{"http": "80", "https": "443", "ftp": "21"}

func wrongPort(scheme, port string) string {
	n, err := strconv.ParseUint(port, 10, 16)
	switch {
	case err != nil || strconv.FormatUint(n, 10) != port:
		return fmt.Sprintf("%q is not a port", port)
	case defaultPorts[scheme] == port:
		return fmt.Sprintf("browsers leave the port %s of %s out", port, scheme)
	}
	return ""
}
