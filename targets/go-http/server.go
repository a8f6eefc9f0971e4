// A web server: net/http, as its documentation shows it. Arguments: PORT ADDRESS...
package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"
)

var runs atomic.Int64

func answer(w http.ResponseWriter, body []byte) {
	w.Header().Set("Content-Type", "text/plain")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.Write(body)
}

func number(r *http.Request, name string) int {
	value, _ := strconv.Atoi(r.URL.Query().Get(name))
	return value
}

func large(w http.ResponseWriter, r *http.Request) {
	answer(w, bytes.Repeat([]byte("x"), number(r, "bytes")))
}

func slow(w http.ResponseWriter, r *http.Request) {
	time.Sleep(time.Duration(number(r, "ms")) * time.Millisecond)
	answer(w, []byte("slow\n"))
}

func upload(w http.ResponseWriter, r *http.Request) {
	length, err := io.Copy(io.Discard, r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	answer(w, fmt.Appendf(nil, "%d\n", length))
}

func refuse(w http.ResponseWriter, r *http.Request) {
	http.Error(w, "refused", http.StatusRequestEntityTooLarge)
}

func run(w http.ResponseWriter, r *http.Request) {
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	runs.Add(1)
	answer(w, []byte("run\n"))
}

var client = http.Client{
	Timeout: 2 * time.Second,
	Transport: &http.Transport{
		DisableKeepAlives: true,
		// A request that is given up leaves its dialling to others: it needs a time-out of its own.
		DialContext: (&net.Dialer{Timeout: 2 * time.Second}).DialContext,
	},
}

// dial passes on what `/` of another server answers.
func dial(w http.ResponseWriter, r *http.Request) {
	url := "http://" + r.URL.Query().Get("to") + "/"
	request, err := http.NewRequestWithContext(r.Context(), http.MethodGet, url, nil)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	response, err := client.Do(request)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer response.Body.Close()
	w.WriteHeader(response.StatusCode)
	io.Copy(w, response.Body)
}

func main() {
	http.HandleFunc("/{$}", func(w http.ResponseWriter, r *http.Request) { answer(w, []byte("hello\n")) })
	http.HandleFunc("/large", large)
	http.HandleFunc("/slow", slow)
	http.HandleFunc("/upload", upload)
	http.HandleFunc("/refuse", refuse)
	http.HandleFunc("/run", run)
	http.HandleFunc("/runs", func(w http.ResponseWriter, r *http.Request) {
		answer(w, fmt.Appendf(nil, "%d\n", runs.Load()))
	})
	http.HandleFunc("/dial", dial)

	server := http.Server{
		ReadHeaderTimeout: 2 * time.Second,
		ReadTimeout:       2 * time.Second,
		WriteTimeout:      2 * time.Second,
		IdleTimeout:       1500 * time.Millisecond,
	}
	for _, address := range os.Args[2:] {
		listener, err := net.Listen("tcp", net.JoinHostPort(address, os.Args[1]))
		if err != nil {
			log.Fatal(err)
		}
		go server.Serve(listener)
	}

	terminated, _ := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	<-terminated.Done()
	within, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if err := server.Shutdown(within); err != nil {
		log.Print(err)
	}
}
