package har

import (
	"fmt"

	"github.com/atlas-contract/conformance/contract"
)

// pair is a name and a value, as HAR lists headers and parameters.
type pair struct{ name, value string }

// entry is what is read of one element of log.entries.
type entry struct {
	started  string
	millis   float64
	failure  string
	request  request
	response response
}

type request struct {
	method, url    string
	headers, query []pair
	post           *body
	params         []pair
}

type response struct {
	status        float64
	reason, error string
	headers       []pair
	content       body
	bodySize      float64
}

// body is postData or content.
type body struct {
	mimeType, text, encoding string
	given, cut               bool
	size                     float64
}

// parseEntry reads the text of one entry.
func parseEntry(text string) (*contract.Exchange, error) {
	c := &cursor{text: text}
	e := entry{response: response{content: body{size: -1}, bodySize: -1}}
	err := c.object(func(name string) (err error) {
		switch name {
		case "startedDateTime":
			e.started, err = c.string()
		case "time":
			e.millis, err = c.number()
		case "request":
			err = e.request.read(c)
		case "response":
			err = e.response.read(c)
		case "_failure":
			e.failure, err = c.string()
		default:
			err = c.skip()
		}
		return within(name, err)
	})
	if err != nil {
		return nil, err
	}
	return e.exchange()
}

// within says in which member an error is.
func within(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%.40s: %w", name, err)
}

func (r *request) read(c *cursor) error {
	return c.object(func(name string) (err error) {
		switch name {
		case "method":
			r.method, err = c.string()
		case "url":
			r.url, err = c.string()
		case "headers":
			r.headers, err = readPairs(c)
		case "queryString":
			r.query, err = readPairs(c)
		case "postData":
			if !c.null() {
				r.post = &body{}
				err = r.post.read(c, &r.params)
			}
		default:
			err = c.skip()
		}
		return within(name, err)
	})
}

func (r *response) read(c *cursor) error {
	return c.object(func(name string) (err error) {
		switch name {
		case "status":
			r.status, err = c.number()
		case "statusText":
			r.reason, err = c.string()
		case "headers":
			r.headers, err = readPairs(c)
		case "content":
			err = r.content.read(c, nil)
		case "bodySize":
			r.bodySize, err = c.number()
		case "_error":
			r.error, err = c.string()
		default:
			err = c.skip()
		}
		return within(name, err)
	})
}

func (b *body) read(c *cursor, params *[]pair) error {
	return c.object(func(name string) (err error) {
		switch name {
		case "mimeType":
			b.mimeType, err = c.string()
		case "text":
			b.given = !c.null()
			if b.given {
				b.text, err = c.string()
			}
		case "encoding":
			b.encoding, err = c.string()
		case "size":
			b.size, err = c.number()
		case "_truncated":
			b.cut, err = c.flag()
		case "params":
			if params == nil {
				return c.skip()
			}
			*params, err = readPairs(c)
		default:
			err = c.skip()
		}
		return within(name, err)
	})
}

func readPairs(c *cursor) ([]pair, error) {
	var pairs []pair
	err := c.array(func() error {
		var p pair
		err := c.object(func(name string) (err error) {
			switch name {
			case "name":
				p.name, err = c.string()
			case "value":
				p.value, err = c.string()
			default:
				err = c.skip()
			}
			return within(name, err)
		})
		if pairs == nil {
			pairs = make([]pair, 0, 16)
		}
		pairs = append(pairs, p)
		return err
	})
	return pairs, err
}
