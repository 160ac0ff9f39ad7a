package validator

import (
	"reflect"
	"strings"

	"github.com/go-playground/validator/v10"
)

// This file says what is wrong in words for a client. In comes a mistake by its tag. Out comes
// half a sentence: the pointer to the value stands in front of it.

// plainWords are those of tags without a parameter, or whose parameter says nothing to a client.
var plainWords = map[string]string{
	"required": "is required", "required_if": "is required", "required_unless": "is required", "required_with": "is required",
	"required_with_all": "is required", "required_without": "is required", "required_without_all": "is required",
	"excluded_if": "must not be there", "excluded_unless": "must not be there", "excluded_with": "must not be there",
	"excluded_with_all": "must not be there", "excluded_without": "must not be there", "excluded_without_all": "must not be there",
	"isdefault": "must not be there",
	"email":     "must be an e-mail address", "url": "must be a URL", "http_url": "must be a URL that begins with http:// or https://",
	"https_url": "must be a URL that begins with https://", "uri": "must be a URI", "hostname": "must be a host name", "fqdn": "must be a full domain name",
	"ip": "must be an IP address", "ipv4": "must be an IPv4 address", "ipv6": "must be an IPv6 address", "cidr": "must be a range of IP addresses like 10.0.0.0/8",
	"uuid": "must be a UUID", "uuid4": "must be a UUID of version 4", "ulid": "must be a ULID", "e164": "must be a telephone number like +493012345",
	"alpha": "must have letters alone", "alphanum": "must have letters and digits alone", "alphaunicode": "must have letters alone",
	"alphanumunicode": "must have letters and digits alone", "ascii": "must have ASCII characters alone", "printascii": "must have ASCII characters alone",
	"numeric": "must be a number", "number": "must have digits alone", "boolean": "must be true or false", "hexcolor": "must be a colour like #0080ff",
	"lowercase": "must be in lower case", "uppercase": "must be in upper case", "base64": "must be base64", "json": "must be JSON", "jwt": "must be a JWT",
	"latitude": "must be a latitude", "longitude": "must be a longitude", "timezone": "must be a time zone like Europe/Berlin",
	"semver": "must be a version like 1.2.3", "unique": "must not have the same element twice",
	"iso4217": "must be a currency like EUR", "iso3166_1_alpha2": "must be a country like DE", "bcp47_language_tag": "must be a language like en-GB",
}

// paramWords stand in front of the parameter of a tag.
var paramWords = map[string]string{
	"eq": "must be", "ne": "must not be", "eq_ignore_case": "must be", "ne_ignore_case": "must not be",
	"contains": "must contain", "excludes": "must not contain", "startswith": "must begin with", "endswith": "must end with",
	"startsnotwith": "must not begin with", "endsnotwith": "must not end with", "datetime": "must be a date or time like",
	"eqfield": "must be the same as", "nefield": "must not be the same as", "gtfield": "must be greater than", "gtefield": "must be at least",
	"ltfield": "must be less than", "ltefield": "must be at most",
}

// sizeWords are how a size is compared.
var sizeWords = map[string]string{
	"min": "at least", "gte": "at least", "max": "at most", "lte": "at most", "gt": "more than", "lt": "less than", "len": "exactly",
}

// words are what is wrong, for a client.
func words(e validator.FieldError) string {
	tag, param := e.ActualTag(), e.Param()
	switch {
	case plainWords[tag] != "":
		return plainWords[tag]
	case paramWords[tag] != "":
		return paramWords[tag] + " " + param
	case sizeWords[tag] != "":
		return sizeOf(e.Kind(), sizeWords[tag], tag, param)
	case tag == "oneof" || tag == "oneofci":
		return "must be one of " + strings.Join(strings.Fields(param), ", ")
	}
	return "is not valid: " + strings.TrimSuffix(e.Tag()+"="+param, "=")
}

// sizeOf says how large a value must be: a text in characters, a list in elements, and a number
// by itself.
func sizeOf(k reflect.Kind, compared, tag, param string) string {
	many := "s"
	if param == "1" {
		many = ""
	}
	switch k {
	case reflect.String:
		return "must have " + compared + " " + param + " character" + many
	case reflect.Slice, reflect.Array, reflect.Map:
		return "must have " + compared + " " + param + " element" + many
	case reflect.Struct: // a time
		if tag == "lt" || tag == "lte" {
			return "must be in the past"
		}
		return "must be in the future"
	}
	switch tag {
	case "len":
		return "must be " + param
	case "gt":
		return "must be greater than " + param
	}
	return "must be " + compared + " " + param
}
