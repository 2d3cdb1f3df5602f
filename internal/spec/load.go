package spec

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"strings"

	"github.com/pb33f/libopenapi"
)

// Source is a document and what is to be laid over it.
type Source struct {
	// Name is the file name or URL, for messages and relative references.
	Name string
	// Data is the text; nil reads the file Name.
	Data []byte
	// Overlays are OpenAPI Overlay 1.0 documents, applied in order.
	Overlays []Overlay
	// Fetch reads a $ref on the network; nil forbids that.
	Fetch func(url string) ([]byte, error)
}

// Overlay is the text of one overlay document.
type Overlay struct {
	Name string
	Data []byte // nil reads the file Name
}

// Contract is an OpenAPI document, its overlays applied.
type Contract struct {
	Title, Version string
	// OpenAPI is the version of the specification, such as 3.0.3.
	OpenAPI string
	// Name is the name of the document's file.
	Name string
	// Digest is the SHA-256 of the text with overlays applied, in hex.
	Digest string
	// Base is the path of the first server, such as /api/v1, without a slash
	// at its end.
	Base string
	// Server is the URL of the first server, its variables filled in.
	Server string

	Statements []Statement
	Operations []*Operation
	Recordings []Recording

	root       Node
	statements map[string]int
	routes     []route
	outside    *Operation
	// forms are the known forms of a value, each with the places, as bits, that it
	// has in their groups.
	forms map[string]map[string]int
	byID  map[string]*Operation
	ways  graph
}

// Load reads a contract. An error names the file, the line where there is
// one, and what would help.
func Load(src Source) (*Contract, error) {
	data, err := text(src.Name, src.Data)
	if err != nil {
		return nil, err
	}
	for _, overlay := range src.Overlays {
		if data, err = apply(src.Name, data, overlay); err != nil {
			return nil, err
		}
	}
	set := &fileSet{files: map[string]*file{}, fetch: src.Fetch}
	f, err := set.add(src.Name, data)
	if err != nil {
		return nil, err
	}
	if err := checkVersion(f); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(data)
	c := &Contract{Name: src.Name, Digest: hex.EncodeToString(sum[:]), root: f.root}
	if err := c.read(); err != nil {
		return nil, err
	}
	return c, nil
}

func text(name string, data []byte) ([]byte, error) {
	if data != nil {
		return data, nil
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read document: %w", err)
	}
	return data, nil
}

func apply(name string, data []byte, overlay Overlay) (_ []byte, err error) {
	over, err := text(overlay.Name, overlay.Data)
	if err != nil {
		return nil, err
	}
	if root, err := parse(overlay.Name, over); err != nil {
		return nil, err
	} else if !(Node{y: root}).Get("overlay").Exists() {
		return nil, fmt.Errorf("read overlay %s: no `overlay: 1.0.0` at its top; an OpenAPI Overlay document is needed", overlay.Name)
	}
	result, err := libopenapi.ApplyOverlayFromBytesToSpecBytes(data, over)
	if err != nil {
		return nil, fmt.Errorf("apply overlay %s to %s: %w", overlay.Name, name, err)
	}
	for _, w := range result.Warnings {
		return nil, fmt.Errorf("apply overlay %s to %s: %v", overlay.Name, name, w)
	}
	return result.Bytes, nil
}

func checkVersion(f *file) error {
	version := f.root.Get("openapi").Text()
	switch {
	case strings.HasPrefix(version, "3.0") || strings.HasPrefix(version, "3.1"):
		return nil
	case version != "":
		return fmt.Errorf("read %s: line %d: OpenAPI %s; this tool takes 3.0 and 3.1", f.name, f.root.Get("openapi").Line(), version)
	case f.root.Get("swagger").Exists():
		return fmt.Errorf("read %s: a Swagger %s document; convert it to OpenAPI 3.0 or 3.1 first", f.name, f.root.Get("swagger").Text())
	case f.root.Get("overlay").Exists():
		return fmt.Errorf("read %s: an overlay, not an OpenAPI document; give it with --overlay", f.name)
	}
	return fmt.Errorf("read %s: no `openapi` member at the top; an OpenAPI 3.0 or 3.1 document is needed", f.name)
}

func (c *Contract) read() error {
	c.OpenAPI = c.root.Get("openapi").Text()
	c.Title = c.root.Get("info", "title").Text()
	c.Version = c.root.Get("info", "version").Text()
	c.Server = serverURL(c.root)
	c.Base = basePath(c.Server)
	if err := c.readExtension(); err != nil {
		return err
	}
	c.readOperations()
	c.readOutside()
	c.collectForms()
	c.buildRoutes()
	return nil
}

// Root is the document's root.
func (c *Contract) Root() Node { return c.root }

// serverURL is the first server with its variables' defaults filled in.
func serverURL(root Node) string {
	for _, server := range root.Get("servers").Items() {
		u := server.Get("url").Text()
		for name, variable := range server.Get("variables").Pairs() {
			u = strings.ReplaceAll(u, "{"+name+"}", variable.Get("default").Text())
		}
		return u
	}
	return ""
}

// basePath is the path of a URL that may be relative.
func basePath(server string) string {
	if _, rest, ok := strings.Cut(server, "://"); ok {
		_, path, found := strings.Cut(rest, "/")
		if !found {
			return ""
		}
		server = "/" + path
	}
	server, _, _ = strings.Cut(server, "?")
	if !strings.HasPrefix(server, "/") {
		return ""
	}
	return strings.TrimRight(server, "/")
}
