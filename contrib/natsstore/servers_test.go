// Servers for the tests: one, or a cluster of three, in this process or in processes of their own,
// which can be killed.

package natsstore

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"
)

// childEnv holds the node that a process is to be, if it is not to run tests.
const childEnv = "NATSSTORE_TEST_NODE"

func TestMain(m *testing.M) {
	if text := os.Getenv(childEnv); text != "" {
		child(text)
		return
	}
	os.Exit(m.Run())
}

// child is a server until its parent is gone.
func child(text string) {
	var n node
	if err := json.Unmarshal([]byte(text), &n); err != nil {
		panic(err)
	}
	s, err := server.NewServer(n.options())
	if err != nil {
		panic(err)
	}
	s.Start()
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(0)
}

// A node is a server of a cluster, or one alone.
type node struct {
	Index  int
	Port   int
	Routes []int // the ports of all nodes for each other; none for one alone
	Dir    string

	inside *server.Server // if it runs in this process
	cmd    *exec.Cmd      // if it runs in its own
	stdin  io.WriteCloser // which ends when this process does
}

func (n *node) options() *server.Options {
	o := &server.Options{
		ServerName: fmt.Sprint("n", n.Index), Host: "127.0.0.1", Port: n.Port,
		JetStream: true, StoreDir: n.Dir, NoLog: true, NoSigs: true,
	}
	if len(n.Routes) > 0 {
		o.Cluster = server.ClusterOpts{Name: "test", Host: "127.0.0.1", Port: n.Routes[n.Index]}
		for _, port := range n.Routes {
			o.Routes = append(o.Routes, server.RoutesFromStr(fmt.Sprintf("nats://127.0.0.1:%d", port))...)
		}
	}
	return o
}

func (n *node) url() string { return fmt.Sprintf("nats://127.0.0.1:%d", n.Port) }

// start starts the server, in a process of its own if apart.
func (n *node) start(t testing.TB, apart bool) {
	t.Helper()
	if !apart {
		s, err := server.NewServer(n.options())
		require.NoError(t, err)
		s.Start()
		n.inside = s
		return
	}
	text, err := json.Marshal(n)
	require.NoError(t, err)
	n.cmd = exec.Command(os.Args[0])
	n.cmd.Env = append(os.Environ(), childEnv+"="+string(text))
	n.cmd.Stderr = os.Stderr
	n.stdin, err = n.cmd.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, n.cmd.Start())
}

// kill ends the server. A process of its own gets no chance to say so to anybody.
func (n *node) kill() {
	if n.inside != nil {
		n.inside.Shutdown()
		n.inside.WaitForShutdown()
	} else if n.cmd != nil {
		_ = n.cmd.Process.Kill()
		_ = n.cmd.Wait()
		_ = n.stdin.Close()
	}
	n.inside, n.cmd = nil, nil
}

// servers starts n servers, and waits until they answer.
func servers(t testing.TB, n int, apart bool) []*node {
	t.Helper()
	free := ports(t, 2*n)
	nodes := make([]*node, n)
	for i := range nodes {
		nodes[i] = &node{Index: i, Port: free[i], Dir: t.TempDir()}
		if n > 1 {
			nodes[i].Routes = free[n:]
		}
	}
	for _, one := range nodes {
		one.start(t, apart)
		t.Cleanup(one.kill)
	}
	js := connect(t, nodes...)
	require.Eventually(t, func() bool { // until the cluster can place replicas
		s, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "ready", Subjects: []string{"ready"}, Replicas: n, Storage: jetstream.MemoryStorage})
		return err == nil && s != nil
	}, 60*time.Second, 100*time.Millisecond, "the servers are not ready")
	require.NoError(t, js.DeleteStream(t.Context(), "ready"))
	return nodes
}

// ports returns ports that nobody uses.
func ports(t testing.TB, n int) []int {
	t.Helper()
	all := make([]int, n)
	for i := range all {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		defer l.Close()
		all[i] = l.Addr().(*net.TCPAddr).Port
	}
	return all
}

// connect returns a connection of its own. It goes to the first node while that lives.
func connect(t testing.TB, nodes ...*node) jetstream.JetStream {
	t.Helper()
	o := nats.GetDefaultOptions()
	for _, n := range nodes {
		o.Servers = append(o.Servers, n.url())
	}
	o.NoRandomize = true
	o.RetryOnFailedConnect = true
	o.MaxReconnect, o.ReconnectWait, o.ReconnectJitter = -1, 50*time.Millisecond, 50*time.Millisecond
	conn, err := o.Connect()
	require.NoError(t, err)
	t.Cleanup(conn.Close)
	require.Eventually(t, conn.IsConnected, 30*time.Second, 10*time.Millisecond)
	js, err := jetstream.New(conn)
	require.NoError(t, err)
	return js
}

// leader returns the node that leads a bucket.
func leader(t testing.TB, js jetstream.JetStream, nodes []*node, bucket string) *node {
	t.Helper()
	var found *node
	require.Eventually(t, func() bool {
		s, err := js.Stream(t.Context(), streamPrefix+bucket)
		if err != nil {
			return false
		}
		for _, n := range nodes {
			if c := s.CachedInfo().Cluster; c != nil && c.Leader == fmt.Sprint("n", n.Index) {
				found = n
			}
		}
		return found != nil
	}, 60*time.Second, 100*time.Millisecond)
	return found
}
