// Command registry is an OCI registry for one machine: in memory, on the
// loopback interface, without authentication. The demo and the tests use it in
// the place of Amazon ECR.
//
// When it accepts requests it prints one line of JSON,
// {"ready":true,"address":"127.0.0.1:PORT"}. It ends when its standard input is
// closed (so that it never outlives the program that started it), on SIGTERM
// and on SIGINT.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "loopback address and port to listen on; port 0 selects a free one")
	referrers := flag.Bool("referrers", true, "offer the OCI referrers API; when false, clients must fall back to the tag schema")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		defer cancel()
		_, _ = io.Copy(io.Discard, os.Stdin)
	}()

	if err := serve(ctx, *listen, newRegistry(*referrers), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// serve answers requests until the context ends.
func serve(ctx context.Context, address string, handler http.Handler, ready io.Writer) error {
	listener, err := listenOnLoopback(address)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: handler, ErrorLog: log.New(io.Discard, "", 0)}
	detach := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer detach()

	line := struct {
		Ready   bool   `json:"ready"`
		Address string `json:"address"`
	}{true, listener.Addr().String()}
	if err := json.NewEncoder(ready).Encode(line); err != nil {
		return err
	}
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// listenOnLoopback refuses every address that another machine could reach,
// because this registry lets anyone write.
func listenOnLoopback(address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("--listen %q is not an address and port: %w. Give one such as 127.0.0.1:0", address, err)
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return nil, fmt.Errorf("--listen %q is refused: this registry has no authentication and listens on a loopback address only. Give one such as 127.0.0.1:0", address)
	}
	return net.Listen("tcp", address)
}
