// Package transport sends one request and brings back one exchange, whatever
// the target does.
//
// A conformance run meets targets that are slow, broken or hostile, and holds
// keys that must not leak to them. So this package promises four things. It
// never waits longer than its time limit, per round trip. It never holds more
// of a reply than its bounds. It sends credentials to the target's own origin
// and nowhere else: a request to another scheme, host or port is refused, and
// redirects are never followed (the 3xx is the response). And whatever went
// wrong comes back as data, an exchange with a Failure and a [Class] that
// tells "could not ask" from "asked, and the target misbehaved".
//
// What goes over the wire is what the request says: path and query byte for
// byte, no compression asked for, no cookies kept, no body added. The digest
// dance is done here rather than in a library's round tripper, so that both
// round trips can be judged: the reply that asked for credentials is kept in
// Exchange.Challenge. Hashing is left to github.com/icholy/digest.
//
// Instead of a network a target may be an [http.Handler] in the same process;
// the same requests are then served without a port.
package transport

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/time/rate"
)

// Limits that no option sets.
const (
	defaultTimeout = 30 * time.Second
	defaultMaxBody = 2 << 20
	maxHeaderBytes = 256 << 10
	maxConnect     = 10 * time.Second
	// idleLimit is shorter than the keep-alive time of the usual servers, so
	// that a kept connection is rarely closed under a request.
	idleLimit = time.Second
	maxIdle   = 512
)

// NoCredential is the name under which a request is sent without credentials.
const NoCredential = "none"

// Options say where requests go and within which bounds.
type Options struct {
	// Base is the target: scheme, host and base path. Requests to any other
	// origin are refused. With a Handler it may be nil.
	Base *url.URL
	// Handler serves the requests in process instead of the network.
	Handler http.Handler
	// Credentials by name; "" is the default one.
	Credentials map[string]Credential
	// Header is added to every request that does not set the same name itself.
	Header http.Header
	// Timeout bounds each round trip, from connecting to the last byte of the
	// body; 0 means 30 s.
	Timeout time.Duration
	// MaxBody is how long a body may be, in bytes; 0 means 2 MiB. Of what is
	// longer the beginning is kept, at most 16 KiB, and marked Truncated.
	MaxBody int64
	// Rate bounds the requests per second, challenges included; 0 does not.
	Rate float64
	// Version completes the User-Agent, conformance/<version>.
	Version string
	// TLS replaces the default TLS settings.
	TLS *tls.Config
	// Network and Address are where to connect instead of the URL's host and
	// port: tcp and IP:PORT, or unix and the path of a socket. No proxy is used
	// then. Empty leaves it to the URL.
	Network, Address string
}

// Client sends requests to one target. It is safe for concurrent use.
type Client struct {
	base      *url.URL
	origin    string
	tripper   http.RoundTripper
	close     func()
	accounts  map[string]*account
	header    http.Header
	timeout   time.Duration
	maxBody   int64
	limiter   *rate.Limiter
	manners   *manners
	userAgent string
	redactor  *redactor
	// peer is who answers, in words, and secret tells that nobody on the way
	// there can read what is sent.
	peer   string
	secret bool
}

// New checks the options and returns a client; nothing is sent yet.
func New(o Options) (*Client, error) {
	base, err := checkBase(o)
	if err != nil {
		return nil, err
	}
	if err := checkWay(o); err != nil {
		return nil, err
	}
	c := &Client{
		base:      base,
		origin:    originOf(base.Scheme, base.Host),
		accounts:  make(map[string]*account, len(o.Credentials)),
		header:    o.Header.Clone(),
		timeout:   orDefault(o.Timeout, defaultTimeout),
		maxBody:   orDefault(o.MaxBody, defaultMaxBody),
		userAgent: "conformance/" + orDefault(o.Version, "dev"),
		manners:   newManners(),
		redactor:  newRedactor(o.Credentials, o.Header, proxyKeys(base)...),
		peer:      base.Host,
		secret:    private(o, base),
	}
	if o.Network == "unix" {
		c.peer = "the socket " + o.Address
	}
	if o.Rate > 0 {
		c.limiter = rate.NewLimiter(rate.Limit(o.Rate), 1)
	}
	for name, credential := range o.Credentials {
		if err := credential.check(name); err != nil {
			return nil, err
		}
		c.accounts[name] = &account{Credential: credential}
	}
	c.tripper, c.close = c.open(o)
	return c, nil
}

// Base is the URL of the target, without a slash at its end.
func (c *Client) Base() *url.URL {
	u := *c.base
	return &u
}

// Scheme is how a credential is sent: digest, basic, bearer or apikey, "" where
// there is no such credential.
func (c *Client) Scheme(credential string) string {
	if a := c.accounts[credential]; a != nil {
		return a.scheme()
	}
	return ""
}

// Close closes the idle connections.
func (c *Client) Close() { c.close() }

// open returns what carries requests: the network, or the handler.
func (c *Client) open(o Options) (http.RoundTripper, func()) {
	if o.Handler != nil {
		return &handlerTripper{handler: o.Handler, limit: c.maxBody + 1}, func() {}
	}
	connect := min(c.timeout, maxConnect)
	t := &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            counted(&net.Dialer{Timeout: connect}, o.Network, o.Address),
		TLSClientConfig:        o.TLS.Clone(),
		TLSHandshakeTimeout:    connect,
		ForceAttemptHTTP2:      true,
		DisableCompression:     true,
		MaxIdleConnsPerHost:    maxIdle,
		IdleConnTimeout:        idleLimit,
		ExpectContinueTimeout:  time.Second,
		MaxResponseHeaderBytes: maxHeaderBytes,
	}
	if o.Address != "" {
		t.Proxy = nil
	}
	return t, t.CloseIdleConnections
}

// counted makes a dialer's connections count what they read. All of them go to
// the address at, unless that is empty.
func counted(d *net.Dialer, kind, at string) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if at != "" {
			network, address = kind, at
		}
		conn, err := d.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &countedConn{Conn: conn}, nil
	}
}

// checkWay refuses an address that would not be used as it is meant.
func checkWay(o Options) error {
	switch {
	case o.Address == "" && o.Network == "", o.Network == "unix" && o.Address != "":
		return nil
	case o.Network == "tcp":
		if _, _, err := net.SplitHostPort(o.Address); err == nil {
			return nil
		}
	}
	return fmt.Errorf("open target: %q is no address of a network %q", clip(o.Address), clip(o.Network))
}

// checkBase returns the base URL in the form that requests are held against.
func checkBase(o Options) (*url.URL, error) {
	if o.Base == nil {
		if o.Handler == nil {
			return nil, errors.New("open target: there is neither a URL nor a handler")
		}
		return &url.URL{Scheme: "http", Host: "in-process"}, nil
	}
	base := *o.Base
	switch {
	case base.Scheme != "http" && base.Scheme != "https":
		return nil, fmt.Errorf("open target %s: the URL must start with http:// or https://", base.Redacted())
	case base.Hostname() == "":
		return nil, fmt.Errorf("open target %s: the URL names no host", base.Redacted())
	case base.User != nil:
		return nil, fmt.Errorf("open target %s: a key does not belong in the URL, where it would be shown; configure a credential", base.Redacted())
	case base.RawQuery != "" || base.Fragment != "":
		return nil, fmt.Errorf("open target %s: the URL must end with the base path, without ? or #", base.Redacted())
	}
	base.Path = strings.TrimRight(base.Path, "/")
	base.RawPath = strings.TrimRight(base.RawPath, "/")
	return &base, nil
}

// originOf is scheme, host and port in one comparable form (RFC 6454,
// section 4): lower case, the default port written out.
func originOf(scheme, host string) string {
	scheme, host = strings.ToLower(scheme), strings.ToLower(host)
	u := url.URL{Scheme: scheme, Host: host}
	if u.Port() != "" {
		return scheme + "://" + host
	}
	host = strings.TrimSuffix(host, ":")
	if scheme == "https" {
		return scheme + "://" + host + ":443"
	}
	return scheme + "://" + host + ":80"
}

func orDefault[T comparable](value, fallback T) T {
	var zero T
	if value == zero {
		return fallback
	}
	return value
}

// private tells whether what is sent stays on this machine, or is encrypted for
// the target alone.
func private(o Options, base *url.URL) bool {
	host := base.Hostname()
	if o.Network == "tcp" {
		host, _, _ = net.SplitHostPort(o.Address)
	}
	ip := net.ParseIP(host)
	return o.Handler != nil || o.Network == "unix" || host == "localhost" || ip != nil && ip.IsLoopback() ||
		base.Scheme == "https" && (o.TLS == nil || !o.TLS.InsecureSkipVerify)
}

// proxyKeys are the secrets of the proxy that the environment names.
func proxyKeys(base *url.URL) []string {
	proxy, err := http.ProxyFromEnvironment(&http.Request{URL: base})
	if err != nil || proxy == nil || proxy.User == nil {
		return nil
	}
	key, _ := proxy.User.Password()
	return []string{key, base64.StdEncoding.EncodeToString([]byte(proxy.User.Username() + ":" + key))}
}
