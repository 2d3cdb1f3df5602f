package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// ReadFile reads a file that the user named; what is the flag or the purpose
// that it was named for. The error says what to do.
func ReadFile(what, name string) ([]byte, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read %s %s: %w", what, name, Reason(err))
	}
	return data, nil
}

// Reason is why a file cannot be used, in words for whoever named it. The name
// itself is left out.
func Reason(err error) error {
	var path *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("there is no such file; check the name, and the folder that it is relative to")
	case errors.Is(err, syscall.EISDIR):
		return errors.New("it is a folder; name a file")
	case errors.Is(err, fs.ErrPermission):
		return errors.New("permission is denied; change who may use the file, or name another")
	case errors.As(err, &path):
		return path.Err
	}
	return err
}
