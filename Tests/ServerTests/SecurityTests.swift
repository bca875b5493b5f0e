import Foundation
import Server
import Testing

/// Who may ask, by which name, and what a browser may do with the answers.
struct SecurityTests {
    @Test func otherHostsAreRefused() async throws {
        let server = try await RunningServer(TestModels.scripted(ScriptedGenerator())) { $0.allowedHosts = ["box.lan"] }
        let client = try server.client()
        for host in ["localhost", "127.0.0.1:1", "LOCALHOST:80", "[::1]:8080", "box.lan", "box.lan:443"] {
            #expect(try await client.ask("GET", "/health", headers: ["Host": host]).status == 200, "\(host)")
        }
        for host in [
            "evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8080", "", "evil@localhost", "[::1",
        ] {
            let status = try await server.client().ask("GET", "/", headers: ["Host": host]).status
            #expect(status == 403 || status == 400, "\(host): \(status)")
        }
        let missing = try server.client()
        try missing.send(Data("GET /health HTTP/1.1\r\n\r\n".utf8))
        #expect(try await missing.read().status == 400)
        try await server.stop()
    }

    /// A page of another site can neither send JSON without being asked about, nor read anything.
    @Test func otherSitesAreRefused() async throws {
        let server = try await RunningServer(TestModels.scripted(ScriptedGenerator()))
        let client = try server.client()
        let body = #"{"prompt": "a"}"#
        for headers in [
            ["Origin": "http://evil.example"], ["Sec-Fetch-Site": "cross-site"], ["Sec-Fetch-Site": "same-site"],
            ["Origin": "null"],
        ] {
            #expect(try await client.post("/v1/completions", body, headers: headers).status == 403, "\(headers)")
        }
        for type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/json", ""] {
            #expect(
                try await client.post("/v1/completions", body, headers: ["Content-Type": type]).status == 415, "\(type)"
            )
        }
        let own = ["Origin": "http://127.0.0.1:\(server.port)", "Sec-Fetch-Site": "same-origin"]
        let answer = try await client.post("/v1/completions", body, headers: own)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer.headers.keys.allSatisfy { !$0.hasPrefix("access-control") })
        let preflight = try await client.ask("OPTIONS", "/v1/completions", headers: ["Origin": "http://evil.example"])
        #expect(preflight.status == 403 || preflight.status == 405)
        try await server.stop()
    }

    @Test func pagesRunNothingForeign() async throws {
        let server = try await RunningServer(TestModels.scripted(ScriptedGenerator()))
        let client = try server.client()
        for path in ["/", "/runs", "/assets/chat.js", "/assets/style.css"] {
            let answer = try await client.ask("GET", path)
            #expect(answer.status == 200 && !answer.body.isEmpty)
            let policy = answer.headers["content-security-policy"] ?? ""
            #expect(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "\(path): \(policy)")
            #expect(answer.headers["x-content-type-options"] == "nosniff")
        }
        for path in [
            "/assets/../Package.swift", "/assets/%2e%2e%2fPackage.swift", "/assets/", "/assets/nothing.js",
            "/assets/%00",
        ] {
            #expect(try await client.ask("GET", path).status == 404, "\(path)")
        }
        try await server.stop()
    }

    @Test func aKeyIsAskedFor() async throws {
        let server = try await RunningServer(TestModels.scripted(ScriptedGenerator())) { $0.apiKey = "open sesame" }
        let client = try server.client()
        for path in ["/v1/models", "/metrics", "/api/runs", "/runs/x/report.html"] {
            for headers in [
                [:], ["Authorization": "Bearer open sesam"], ["Authorization": "Bearer open sesamex"],
                ["Authorization": "open sesame"], ["Authorization": "Basic open sesame"], ["Authorization": "Bearer"],
                ["Cookie": "yuanbench-session=1"],
            ] {
                let answer = try await client.ask("GET", path, headers: headers)
                #expect(answer.status == 401 && answer.error["type"] as? String == "authentication_error", "\(path)")
            }
        }
        #expect(try await client.post("/v1/completions", #"{"prompt": "a"}"#).status == 401)
        let key = ["Authorization": "Bearer open sesame"]
        #expect(try await client.ask("GET", "/v1/models", headers: key).status == 200)
        #expect(try await client.post("/v1/completions", #"{"prompt": "a"}"#, headers: key).status == 200)
        #expect(try await client.ask("GET", "/health").status == 200)
        #expect(try await client.ask("GET", "/").status == 200)
        // Browsers trade it for a cookie.
        #expect(try await client.post("/api/login", #"{"key": "wrong"}"#).status == 401)
        let login = try await client.post("/api/login", #"{"key": "open sesame"}"#)
        let cookie = try #require(login.headers["set-cookie"])
        #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict") && !cookie.contains("sesame"))
        let session = ["Cookie": "other=1; \(cookie.prefix { $0 != ";" })"]
        #expect(try await client.ask("GET", "/api/runs", headers: session).status == 200)
        try await server.stop()
    }

    @Test func loopbackIsKnown() {
        for host in ["127.0.0.1", "127.8.9.10", "localhost", "::1"] {
            #expect(ServerOptions.isLoopback(host), "\(host)")
        }
        for host in [
            "0.0.0.0", "::", "192.168.0.1", "127.evil.example", "127.0.0.1.example", "127.0.0", "1270.0.0.1", "",
        ] {
            #expect(!ServerOptions.isLoopback(host), "\(host)")
        }
    }
}
