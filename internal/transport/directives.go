package transport

import (
	"fmt"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/contract"
)

// directive is one name and value of a digest Authorization header.
type directive struct{ name, value string }

// directives are those of one header, in their order.
type directives []directive

func (d directives) get(name string) string {
	for _, one := range d {
		if one.name == name {
			return one.value
		}
	}
	return ""
}

func (d directives) has(name string) bool {
	return slices.ContainsFunc(d, func(one directive) bool { return one.name == name })
}

// left tells the value that leaves a directive out.
const left = "{none}"

// changed has other values for some directives. One that was not there comes
// last, in the order of the names.
func (d directives) changed(values map[string]string) directives {
	out := slices.Clone(d)
	var names []string
	for name := range values {
		if name != "method" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		i := slices.IndexFunc(out, func(one directive) bool { return one.name == name })
		switch {
		case values[name] == left && i >= 0:
			out = slices.Delete(out, i, i+1)
		case values[name] == left:
		case i >= 0:
			out[i].value = fill(values[name], out[i].value)
		default:
			out = append(out, directive{name, fill(values[name], "")})
		}
	}
	return out
}

// fill puts the usual value where the template wants it.
func fill(template, usual string) string {
	return strings.NewReplacer("{}", usual, "{flip}", flip(usual), "{upper}", strings.ToUpper(usual)).Replace(template)
}

// flip changes one character in the middle, to one of the same kind.
func flip(s string) string {
	if s == "" {
		return "0"
	}
	i := len(s) / 2
	other := byte('0')
	if s[i] == other {
		other = '1'
	}
	return s[:i] + string(other) + s[i+1:]
}

// compose are the directives that answer the challenge in the dialogue's way.
func (d *dialogue) compose(ask *challenge, u use) directives {
	method := orDefault(d.answer.Over["method"], d.message.method)
	list := d.usual(ask, u).changed(d.answer.Over)
	algorithm, session := ask.base, ask.session
	if _, other := d.answer.Over["algorithm"]; other {
		algorithm, session = strings.CutSuffix(strings.ToUpper(list.get("algorithm")), "-SESS")
	}
	list = append(list, directive{"response", list.response(algorithm, session, method, d.known, d.message.body)})
	return list.changed(d.answer.Written)
}

// usual are the directives of the usual answer, without the response.
func (d *dialogue) usual(ask *challenge, u use) directives {
	user := d.known.User
	if ask.Userhash {
		user = hashed(ask.base, user, ask.Realm)
	}
	list := directives{{"username", user}, {"realm", ask.Realm}, {"nonce", ask.Nonce}, {"uri", d.message.target}}
	if ask.Algorithm != "" {
		list = append(list, directive{"algorithm", ask.Algorithm})
	}
	if len(ask.QOP) > 0 {
		list = append(list, directive{"qop", ask.QOP[0]}, directive{"nc", fmt.Sprintf("%08x", u.count)})
	}
	if len(ask.QOP) > 0 || ask.session {
		list = append(list, directive{"cnonce", u.cnonce})
	}
	if ask.Opaque != "" {
		list = append(list, directive{"opaque", ask.Opaque})
	}
	if ask.Userhash {
		list = append(list, directive{"userhash", "true"})
	}
	return list
}

// response is the proof over the directives (RFC 7616, section 3.4.1).
func (d directives) response(algorithm string, session bool, method string, known Credential, body []byte) string {
	secret := hashed(algorithm, known.User, d.get("realm"), known.Key)
	if session {
		secret = hashed(algorithm, secret, d.get("nonce"), d.get("cnonce"))
	}
	target := []string{method, d.get("uri")}
	if d.get("qop") == "auth-int" {
		target = append(target, hashed(algorithm, string(body)))
	}
	if !d.has("qop") {
		return hashed(algorithm, secret, d.get("nonce"), hashed(algorithm, target...))
	}
	return hashed(algorithm, secret, d.get("nonce"), d.get("nc"), d.get("cnonce"), d.get("qop"), hashed(algorithm, target...))
}

// format writes the directives. Those that RFC 7616, section 3.4, wants bare
// are bare, unless the form says otherwise.
func (d directives) format(form contract.Form) string {
	list := slices.Clone(d)
	if form.Reverse {
		slices.Reverse(list)
	}
	comma, equals := orDefault(form.Comma, ", "), orDefault(form.Equals, "=")
	var parts []string
	for _, one := range list {
		name, value := one.name, one.value
		if form.Capitals {
			name = strings.ToUpper(name)
		}
		if quotes(one.name, form) {
			value = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
		}
		parts = append(parts, name+equals+value)
	}
	return strings.Join(parts, comma)
}

func quotes(name string, form contract.Form) bool {
	usual := !slices.Contains([]string{"algorithm", "qop", "nc", "userhash"}, name)
	return usual && !slices.Contains(form.Bare, name) || slices.Contains(form.Quoted, name)
}
