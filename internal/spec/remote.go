package spec

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// The bounds of what one document may fetch from the network.
const (
	remoteTimeout = 10 * time.Second
	remoteTotal   = 6 * remoteTimeout
	remoteSize    = 16 << 20
	remoteFiles   = 200
)

// Remote returns a Source.Fetch that reads files over HTTP: at most 200 of them,
// each at most 16 MiB and within 10 seconds, all of them within a minute. Redirects are followed, to HTTP
// URLs only.
func Remote() func(url string) ([]byte, error) {
	return fetcher(remoteTimeout, remoteSize, remoteFiles)
}

func fetcher(timeout time.Duration, size int64, files int) func(string) ([]byte, error) {
	client := &http.Client{Timeout: timeout}
	fetched, spent := 0, time.Duration(0)
	return func(address string) ([]byte, error) {
		if fetched++; fetched > files {
			return nil, fmt.Errorf("it would be file %d from the network; no more than %d are fetched", fetched, files)
		}
		if spent >= remoteTotal {
			return nil, fmt.Errorf("files from the network have taken %v already; no more of them are fetched", spent.Round(time.Second))
		}
		start := time.Now()
		defer func() { spent += time.Since(start) }()
		return fetch(client, address, size)
	}
}

func fetch(client *http.Client, address string, size int64) ([]byte, error) {
	reply, err := client.Get(address)
	if err != nil {
		return nil, fmt.Errorf("fetch it: %w", plainly(err, client.Timeout))
	}
	defer reply.Body.Close()
	if reply.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("fetch it: the server replied with %s", reply.Status)
	}
	data, err := io.ReadAll(io.LimitReader(reply.Body, size+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("fetch it: %w", plainly(err, client.Timeout))
	case int64(len(data)) > size:
		return nil, fmt.Errorf("fetch it: it is longer than %d MiB", size>>20)
	}
	return data, nil
}

// plainly is an error without the URL, which is named already.
func plainly(err error, timeout time.Duration) error {
	var where *url.Error
	switch {
	case errors.As(err, &where) && where.Timeout():
		return fmt.Errorf("no whole reply came within %v", timeout)
	case errors.As(err, &where):
		return where.Err
	}
	return err
}
