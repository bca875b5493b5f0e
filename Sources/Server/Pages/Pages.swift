import CPages
import Foundation
import HTTPTypes
import Hummingbird
import RunRecords

/// The chat, the page of runs and what they ask for. The files are part of the binary.
struct Pages: Sendable {
    let shelf: RunShelf?
    let access: AccessControl
    let limits: ServerLimits
    private let files: [String: Data]

    init(shelf: RunShelf?, access: AccessControl, limits: ServerLimits) {
        self.shelf = shelf
        self.access = access
        self.limits = limits
        files = Dictionary(
            uniqueKeysWithValues: (0..<page_file_count()).map { index in
                let file = page_file_at(index)
                return (String(cString: file.name), Data(bytes: file.bytes, count: file.count))
            })
    }

    /// Pages run their own scripts alone, and ask this server alone.
    private static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        + "form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
    /// A report brings scripts and styles of its own. It gets an origin of its own, from which it reaches neither this
    /// server nor what the chat keeps in the browser.
    private static let reportPolicy =
        "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
        + "form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
    private static let types = ["html": "text/html", "css": "text/css", "js": "text/javascript"]

    var routes: [Routes.Route] {
        func get(_ path: String, protected: Bool, _ answer: @escaping Routes.Answerer) -> Routes.Route {
            Routes.Route(method: .get, path: path, isProtected: protected, answer: answer)
        }
        return [
            get("/", protected: false) { _, _ in try file("chat.html") },
            get("/runs", protected: false) { _, _ in try file("runs.html") },
            get("/assets/{name}", protected: false) { _, context in try file(context.parameters["name"] ?? "") },
            get("/api/runs", protected: true) { _, _ in
                WireCoding.response(SnakeCaseCoding.encode(["folders": await shelf?.list() ?? []]))
            },
            get("/api/compare", protected: true) { request, _ in try await compare(request) },
            get("/runs/{name}/report.html", protected: true) { _, context in
                guard let page = await shelf?.page(context.parameters["name"] ?? "") else { throw Self.noRun }
                return html(page, policy: Self.reportPolicy)
            },
            Routes.Route(method: .post, path: "/api/login", isProtected: false, answer: login),
        ]
    }

    private static let noRun = APIError.refused(.notFound, "there is no such run", code: "not_found")

    private func file(_ name: String) throws -> Response {
        guard let data = files[name] else {
            throw APIError.refused(.notFound, "there is no such page", code: "not_found")
        }
        return html(
            data, policy: Self.policy,
            type: Self.types[String(name.split(separator: ".").last ?? "")] ?? "application/octet-stream")
    }

    private func html(_ data: Data, policy: String, type: String = "text/html") -> Response {
        var headers: HTTPFields = [.contentType: "\(type); charset=utf-8", .cacheControl: "no-cache"]
        if let name = HTTPField.Name("Content-Security-Policy") { headers[name] = policy }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
    }

    private func compare(_ request: Request) async throws -> Response {
        let query = request.uri.queryParameters
        func side(_ name: String) async throws -> (index: Int, run: RunReport) {
            let folder = query[Substring(name)].map(String.init) ?? ""
            let index = query[Substring("\(name)_run")].flatMap { Int($0) } ?? 0
            guard let found = try await shelf?.run(folder, index) else {
                throw APIError.invalid(name, "\(name): there is no run \(index) of that name", code: "not_found")
            }
            return (index, found.run)
        }
        do {
            let (a, b) = (try await side("a"), try await side("b"))
            return WireCoding.response(SnakeCaseCoding.encode(RunPair(a, b)))
        } catch let error as ReportError {
            throw APIError.invalid(nil, error.message)
        }
    }

    private struct Login: WireRequest {
        var key: String

        init(_ fields: RequestFields, limits: ServerLimits) throws {
            guard let key = try fields.text("key") else { throw APIError.invalid("key", "key is missing") }
            self.key = key
        }
    }

    /// Trades the key for a cookie that scripts cannot read and other sites cannot send.
    private func login(_ request: Request, _ context: ConnectionContext) async throws -> Response {
        let login = try await Login.read(JSONBody.read(request, limits: limits), limits: limits)
        guard access.matches(login.key) else {
            throw APIError(
                status: .unauthorized, message: "this is not the key", type: "authentication_error", parameter: "key",
                code: "invalid_api_key")
        }
        var response = WireCoding.response(["status": "ok"])
        response.headers[.setCookie] =
            "\(AccessControl.cookie)=\(access.makeSession()); Path=/; HttpOnly; SameSite=Strict"
        return response
    }
}
