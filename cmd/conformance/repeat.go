package main

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/atlas-contract/conformance/internal/config"
	"github.com/atlas-contract/conformance/internal/report"
	"github.com/atlas-contract/conformance/internal/spec"
	"github.com/atlas-contract/conformance/internal/transport"
)

// words are those of a command, as a shell takes them.
type words []string

// give adds a flag with each of its values.
func (w *words) give(flag string, values ...string) {
	for _, value := range values {
		if value != "" {
			*w = append(*w, flag, report.Quoted(value))
		}
	}
}

// turn adds a flag that is on.
func (w *words) turn(flag string, on bool) {
	if on {
		*w = append(*w, flag)
	}
}

// number adds a flag with a number that is not the usual one.
func (w *words) number(flag string, n, usual int64) {
	if n != usual {
		*w = append(*w, flag, fmt.Sprint(n))
	}
}

// time adds a flag with a time that is not the usual one.
func (w *words) time(flag string, t, usual span) {
	if t != usual {
		*w = append(*w, flag, t.String())
	}
}

func (w words) String() string { return strings.Join(w, " ") }

// repeat is how the run is asked again: with all of its flags that decide what
// is sent, or whether that is broken. What the configuration says, that says
// again, but for the document.
func (cmd *runCmd) repeat(c *spec.Contract, t *target, base string) *report.Repeat {
	run := words{"conformance", "run"}
	if !t.builtin {
		run = append(run, report.Quoted(base))
	}
	document := cmd.documentFlags.words(t.set)
	run = append(run, document...)
	run.number("--seed", cmd.Seed, 1)
	run.number("--cases", int64(cmd.Cases), 0)
	run = append(run, cmd.targetFlags.words(c)...)
	run.time("--patience", cmd.Patience, 0)
	run.turn("--yes", cmd.Yes)
	run.turn("--read-only", cmd.ReadOnly)
	run.number("--max-creates", int64(cmd.MaxCreates), 0)
	run.turn("--strict", cmd.Strict)
	return &report.Repeat{Run: run.String(), Explain: append(words{"conformance", "explain"}, document...).String()}
}

// words are the flags that give the same document, once it is loaded.
func (f *documentFlags) words(set *config.Config) words {
	var w words
	w.give("--spec", f.Spec)
	if f.Profile != documented || set != nil && set.Profile != "" {
		w.give("--profile", f.Profile)
	}
	w.give("--overlay", f.Overlay...)
	w.turn("--allow-remote", f.AllowRemote)
	return w
}

// words are the flags that ask the target in the same way.
func (f *targetFlags) words(c *spec.Contract) words {
	var w words
	w.give("--config", f.Config)
	w.give("--param", f.Param...)
	w.give("--failing", f.Failing...)
	w.give("--user", f.User)
	w.give("--key-file", f.KeyFile)
	for _, line := range f.Header {
		w = append(w, "--header", shownHeader(c, line))
	}
	w.give("--ca", f.CA)
	w.give("--client-cert", f.ClientCert)
	w.give("--client-key", f.ClientKey)
	w.turn("--insecure", f.Insecure)
	w.give("--unix-socket", f.UnixSocket)
	w.give("--resolve", f.Resolve)
	w.time("--timeout", f.Timeout, usualTimeout)
	w.give("--rate", f.Rate)
	return w
}

// shownHeader is a header of the command line as a shell takes it, with a
// variable in place of a secret.
func shownHeader(c *spec.Contract, line string) string {
	name, value, _ := strings.Cut(line, ":")
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	credential, _ := fromHeader(c, http.CanonicalHeaderKey(name), value)
	if credential == nil && !report.SecretName(name) {
		return report.Quoted(line)
	}
	scheme := report.AuthScheme(value)
	fallback := keyVariable
	if credential == nil { // CONFORMANCE_KEY may hold the key of --user
		fallback = strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
	}
	reference, _ := variable(strings.TrimLeft(value[len(scheme):], " "), fallback)
	return report.WithSecret(name+": "+scheme, reference)
}

var variableName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// variable is the environment variable that holds a secret, as a shell takes
// it, and whether there is one. Where there is none it is the fallback, which
// whoever asks again has to set.
func variable(secret, fallback string) (reference string, known bool) {
	if os.Getenv(keyVariable) == secret {
		return "$" + keyVariable, true
	}
	environment := os.Environ()
	slices.Sort(environment)
	for _, pair := range environment {
		name, value, _ := strings.Cut(pair, "=")
		if value == secret && variableName.MatchString(name) {
			return "$" + name, true
		}
	}
	return "$" + fallback, false
}

// curl says how curl asks the target, nil for the built-in reference server,
// which ends with the run. A key that is in no variable it cannot give, unless
// guess is set: then it is to be put into CONFORMANCE_KEY.
func (f *targetFlags) curl(t *target, guess bool) *report.Curl {
	if t.builtin {
		return nil
	}
	c := &report.Curl{Way: f.networkFlags.curl(t.set), Credentials: map[string]report.CurlCredential{}}
	for name, credential := range t.credentials {
		reference, known := variable(credential.Key, keyVariable)
		switch {
		case name == "" && f.User != "" && f.KeyFile != "":
			reference, known = "$(cat "+report.Quoted(f.KeyFile)+")", true
		case name == "" && f.User != "":
			reference, known = "$"+keyVariable, true
		}
		c.Credentials[name] = report.CurlCredential{}
		if known || guess {
			c.Credentials[name] = curlCredential(&credential, reference)
		}
	}
	return c
}

// curlCredential is how curl sends a credential.
func curlCredential(c *transport.Credential, reference string) report.CurlCredential {
	header := func(name, text string) report.CurlCredential {
		return report.CurlCredential{Header: name, Options: []string{"-H", report.WithSecret(name+": "+text, reference)}}
	}
	scheme := strings.ToLower(c.Scheme)
	switch {
	case scheme == "bearer":
		return header("Authorization", "Bearer ")
	case scheme == "apikey" && c.In == "header":
		return header(c.Name, "")
	case scheme == "apikey" && c.In == "query" && url.QueryEscape(c.Key) == c.Key:
		return report.CurlCredential{Query: c.Name, Key: reference}
	case scheme == "apikey": // a cookie may stand beside others, which no report shows
		return report.CurlCredential{}
	case scheme == "":
		scheme = "digest"
	}
	return report.CurlCredential{Header: "Authorization", Options: []string{"--" + scheme, "--user", report.WithSecret(c.User+":", reference)}}
}

// curl are the flags that say the same to curl.
func (f *networkFlags) curl(set *config.Config) []string {
	if set == nil {
		set = &config.Config{}
	}
	var w words
	one := func(name, flag, configured string) {
		value, _ := given(flag, "", configured, "")
		w.give(name, value)
	}
	one("--cacert", f.CA, set.TLS.CA)
	one("--cert", f.ClientCert, set.TLS.ClientCert)
	one("--key", f.ClientKey, set.TLS.ClientKey)
	w.turn("--insecure", f.Insecure || set.TLS.Insecure && f.CA == "")
	one("--unix-socket", f.UnixSocket, set.Network.UnixSocket)
	one("--resolve", f.Resolve, set.Network.Resolve)
	return w
}
