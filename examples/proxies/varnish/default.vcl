# Varnish before an App on port 8080. It listens on port 8000. Everything is in the folder
# that it is started in:
#
#	varnishd -F -n "$PWD/varnish" -f "$PWD/default.vcl" -a 127.0.0.1:8000 -s default,16m -p http_gzip_support=off
#
# With http_gzip_support=off, Varnish does not compress and does not decompress. Otherwise it
# makes strong entity-tags weak.

vcl 4.1;

import std;

backend app {
	.host = "127.0.0.1";
	.port = "8080";
}

sub vcl_recv {
	# The largest MaxBody of the App. Varnish makes its 413 a 503, since content still comes.
	if (std.integer(req.http.Content-Length, 0) > 8388608) {
		return (synth(413));
	}

	# A client can refuse copies. A writer does after a 412.
	if (req.http.Cache-Control ~ "(?i)no-cache|max-age=0") {
		set req.hash_always_miss = true;
	}
}

sub vcl_backend_response {
	# Only what the App lets caches keep. Everything else is passed for ten minutes, with
	# the preconditions of the client.
	if (beresp.http.Cache-Control !~ "max-age" || beresp.http.Cache-Control ~ "no-cache|no-store|private") {
		return (pass(10m));
	}
}

sub vcl_deliver {
	# A write that was done ends the copy of what it wrote (RFC 9111, 4.4).
	if (req.method != "GET" && req.method != "HEAD" && req.method != "OPTIONS" && resp.status < 400) {
		ban("req.url == " + req.url);
	}
}
