package bakery

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"unicode/utf8"
)

// depthLimit and sizeLimit are what the document says of a body.
const (
	depthLimit = 512
	sizeLimit  = 1 << 20
)

// decoder reads one JSON text.
type decoder struct{ fault fault }

// decode reads body as the tree of a JSON text: numbers as json.Number, objects
// as maps. The document asks for more than JSON does: names are unique, and
// strings are Unicode, without half of a surrogate pair.
func (d decoder) decode(body []byte) (any, error) {
	switch {
	case len(body) == 0:
		return nil, errors.New("the body is empty")
	case !d.fault.is("any-bytes") && !utf8.Valid(body):
		return nil, errors.New("the body is not UTF-8")
	case !d.fault.is("trailing-data") && !json.Valid(body):
		return nil, errors.New("the body is not one JSON text")
	case halfPair(body):
		return nil, errors.New("the body has half of a surrogate pair")
	}
	in := json.NewDecoder(bytes.NewReader(body))
	in.UseNumber()
	v, err := d.value(in, 0)
	if err != nil {
		return nil, err
	}
	return v, nil
}

func (d decoder) value(in *json.Decoder, depth int) (any, error) {
	token, err := in.Token()
	if err != nil {
		return nil, errors.New("the body is not JSON")
	}
	open, ok := token.(json.Delim)
	if !ok {
		return token, nil
	}
	if depth == depthLimit {
		return nil, errors.New("the body is nested more than " + strconv.Itoa(depthLimit) + " deep")
	}
	if open == '[' {
		return d.array(in, depth+1)
	}
	return d.object(in, depth+1)
}

func (d decoder) array(in *json.Decoder, depth int) (any, error) {
	list := []any{}
	for in.More() {
		v, err := d.value(in, depth)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	_, err := in.Token()
	return list, err
}

func (d decoder) object(in *json.Decoder, depth int) (any, error) {
	members := map[string]any{}
	for in.More() {
		token, err := in.Token()
		if err != nil {
			return nil, errors.New("the body is not JSON")
		}
		name, _ := token.(string)
		if _, twice := members[name]; twice {
			return nil, errors.New("an object names a member twice")
		}
		if members[name], err = d.value(in, depth); err != nil {
			return nil, err
		}
	}
	_, err := in.Token()
	return members, err
}

// halfPair tells whether an escape of the JSON text is half of a surrogate
// pair, which encoding/json would replace in silence.
func halfPair(text []byte) bool {
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			continue
		}
		i++
		unit, ok := escaped(text[i-1:])
		if !ok || unit < 0xD800 || unit > 0xDFFF {
			continue
		}
		low, ok := escaped(text[min(i+5, len(text)):])
		if unit >= 0xDC00 || !ok || low < 0xDC00 || low > 0xDFFF {
			return true
		}
		i += 10
	}
	return false
}

// escaped is the code unit of an escape \uXXXX that text begins with.
func escaped(text []byte) (uint64, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	unit, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	return unit, err == nil
}
