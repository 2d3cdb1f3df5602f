package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"github.com/atlas-contract/conformance/contract/run"
	"github.com/atlas-contract/conformance/internal/config"
	"github.com/atlas-contract/conformance/internal/report"
)

// networkFlags say how the target is reached. A proxy comes from HTTP_PROXY,
// HTTPS_PROXY and NO_PROXY, as with most programs.
type networkFlags struct {
	CA         string `name:"ca" placeholder:"FILE" help:"Certificates (PEM) of the authorities to trust, instead of those of the system."`
	ClientCert string `placeholder:"FILE" help:"Certificate (PEM) to show to the target; its key is in --client-key."`
	ClientKey  string `placeholder:"FILE" help:"Key (PEM) of --client-cert."`
	Insecure   bool   `help:"Do not verify the target's certificate: whoever is on the way can read and change all."`
	UnixSocket string `placeholder:"PATH" help:"Connect to this socket; the URL says what is asked for there."`
	Resolve    string `placeholder:"HOST:PORT:ADDR" help:"Connect to ADDR where the URL says HOST and PORT."`
}

// network is the way to a target.
type network struct {
	tls *tls.Config
	// kind and address are where to connect; empty leaves it to the URL.
	kind, address string
}

// reach reads the flags, and the configuration where they are silent.
func (f *networkFlags) reach(set *config.Config, base *url.URL) (*network, error) {
	way := &network{}
	if err := f.secure(set, base, way); err != nil {
		return nil, err
	}
	socket, socketFrom := given(f.UnixSocket, "--unix-socket", set.Network.UnixSocket, set.Name+": network.unixSocket")
	pin, pinFrom := given(f.Resolve, "--resolve", set.Network.Resolve, set.Name+": network.resolve")
	switch {
	case socket != "" && pin != "":
		return nil, fmt.Errorf("read %s: the target is reached over a socket, so there is no address to look up; leave one of the two out", pinFrom)
	case socket != "" && len(socket) > 100: // no system takes much more
		return nil, fmt.Errorf("read %s: the path is longer than a socket's can be", socketFrom)
	case socket != "":
		way.kind, way.address = "unix", socket
	case pin != "":
		address, err := pinned(pin, base)
		if err != nil {
			return nil, fmt.Errorf("read %s %s: %w", pinFrom, pin, err)
		}
		way.kind, way.address = "tcp", address
	}
	return way, nil
}

// given is the value of a flag, else that of the configuration, and where it
// stands.
func given(flag, name, configured, place string) (value, from string) {
	if flag != "" {
		return flag, name
	}
	return configured, place
}

// secure reads the settings of TLS.
func (f *networkFlags) secure(set *config.Config, base *url.URL, way *network) error {
	ca, caFrom := given(f.CA, "--ca", set.TLS.CA, set.Name+": tls.ca")
	cert, certFrom := given(f.ClientCert, "--client-cert", set.TLS.ClientCert, set.Name+": tls.clientCert")
	key, keyFrom := given(f.ClientKey, "--client-key", set.TLS.ClientKey, set.Name+": tls.clientKey")
	insecure := f.Insecure || set.TLS.Insecure && f.CA == ""
	switch {
	case ca == "" && cert == "" && key == "" && !insecure:
		return nil
	case base.Scheme != "https":
		return fmt.Errorf("read the settings of TLS: the target's URL %s starts with http://, where there is none; leave them out, or write https://", base.Redacted())
	case insecure && ca != "":
		return fmt.Errorf("read %s: nothing is verified with --insecure, so there is nothing to trust; leave one of the two out", caFrom)
	case cert == "" && key != "":
		return fmt.Errorf("read %s: whose key is it? Give --client-cert FILE too", keyFrom)
	case cert != "" && key == "":
		return fmt.Errorf("read %s: its key is missing; give --client-key FILE too", certFrom)
	}
	way.tls = &tls.Config{MinVersion: tls.VersionTLS12, InsecureSkipVerify: insecure}
	if ca != "" {
		pool, err := authorities(caFrom, ca)
		if err != nil {
			return err
		}
		way.tls.RootCAs = pool
	}
	if cert == "" {
		return nil
	}
	pair, err := clientPair(certFrom, cert, keyFrom, key)
	way.tls.Certificates = pair
	return err
}

// authorities are the certificates of a file.
func authorities(from, name string) (*x509.CertPool, error) {
	data, err := config.ReadFile(from, name)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(data) {
		return nil, fmt.Errorf("read %s %s: there is no certificate in it; it must be PEM, with BEGIN CERTIFICATE", from, name)
	}
	return pool, nil
}

// clientPair is what the target is shown. Errors hold nothing of the key.
func clientPair(certFrom, cert, keyFrom, key string) ([]tls.Certificate, error) {
	certPEM, err := config.ReadFile(certFrom, cert)
	if err != nil {
		return nil, err
	}
	keyPEM, err := config.ReadFile(keyFrom, key)
	if err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair(certPEM, keyPEM)
	if err != nil {
		return nil, fmt.Errorf("read %s %s and %s %s: %s", certFrom, cert, keyFrom, key, strings.TrimPrefix(err.Error(), "tls: "))
	}
	return []tls.Certificate{pair}, nil
}

// pinned is the address that HOST:PORT:ADDR gives to the target.
func pinned(text string, base *url.URL) (string, error) {
	badly := errors.New("write it as HOST:PORT:ADDR, such as api.example.com:443:127.0.0.1")
	host, rest := text, ""
	if inner, ok := strings.CutPrefix(text, "["); ok {
		host, rest, ok = strings.Cut(inner, "]:")
		if !ok {
			return "", badly
		}
	} else if host, rest, ok = strings.Cut(text, ":"); !ok {
		return "", badly
	}
	port, addr, ok := strings.Cut(rest, ":")
	ip := net.ParseIP(strings.Trim(addr, "[]"))
	switch {
	case !ok || host == "" || !isPort(port):
		return "", badly
	case ip == nil:
		return "", fmt.Errorf("%q is no IP address; %w", addr, badly)
	case !strings.EqualFold(host, base.Hostname()) || port != portOf(base):
		return "", fmt.Errorf("the target is at %s, and nothing else is asked; name that", net.JoinHostPort(base.Hostname(), portOf(base)))
	case run.Nearby(base.String()): // or what looks harmless would not be
		return "", fmt.Errorf("whatever %s is, it is on this machine; name another host", base.Hostname())
	}
	return net.JoinHostPort(ip.String(), port), nil
}

// portOf is the port of a URL, also where it is left out.
func portOf(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	}
	return "80"
}

// insecure tells that the target's certificate is not verified.
func (n *network) insecure() bool { return n != nil && n.tls != nil && n.tls.InsecureSkipVerify }

// describe is what a report says of the way to the target.
func (n *network) describe(h *report.Header) {
	if n == nil {
		return
	}
	if n.insecure() {
		h.Configuration["insecure"] = true
	}
	if n.address != "" {
		h.Configuration["connect"] = n.kind + " " + n.address
	}
}

// warn says on standard error what makes a run worth less.
func (n *network) warn(std *streams) {
	if n.insecure() {
		fmt.Fprintln(std.err, "conformance: warning: --insecure: the target's certificate is not verified, so whoever is on the way can read the keys and change the replies")
	}
}
