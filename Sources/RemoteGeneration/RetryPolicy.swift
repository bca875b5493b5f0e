import AsyncHTTPClient
import Foundation
import NIOCore
import NIOPosix

/// What is tried again, and when.
struct RetryPolicy: Sendable {
    /// Tries after the first.
    var retries: Int
    /// Seconds before the first retry; each later one waits twice as long, up to `longest`, and up to half as much again so
    /// that waiting requests do not come back together.
    var first = 0.5
    var longest = 30.0
    /// A server that asks for more patience than this is not waited for.
    static let mostPatience = 600.0

    /// Too many requests, bad gateway, unavailable, gateway time-out: nothing was generated.
    static let statuses: Set<UInt> = [429, 502, 503, 504]

    /// Seconds before retry number `attempt` (from 0); nil if there is none.
    /// - Parameter retryAfter: what the server asked for.
    func delay(_ attempt: Int, retryAfter: Double? = nil, jitter: Double = .random(in: 0...0.5)) -> Double? {
        guard attempt < retries else { return nil }
        if let retryAfter { return retryAfter > Self.mostPatience ? nil : max(retryAfter, 0.01) }
        return min(longest, first * pow(2, Double(min(attempt, 30)))) * (1 + jitter)
    }

    /// Seconds of a `Retry-After` header: a number, or a date (RFC 9110, section 10.2.3).
    static func seconds(retryAfter value: String, now: Date = Date()) -> Double? {
        let text = value.trimmingCharacters(in: .whitespaces)
        if let seconds = Double(text) { return seconds.isFinite && seconds >= 0 ? seconds : nil }
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "GMT")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        return formatter.date(from: text).map { max(0, $0.timeIntervalSince(now)) }
    }

    /// Whether the connection ended, however the end was noticed.
    static func isLostConnection(_ error: any Error) -> Bool {
        switch error {
        case let error as HTTPClientError: error == .remoteConnectionClosed
        case let error as IOError: [ECONNRESET, EPIPE, ENOTCONN].contains(error.errnoCode)
        case let error as ChannelError: [.eof, .inputClosed, .ioOnClosedChannel, .alreadyClosed].contains(error)
        default: false
        }
    }

    /// What a failure of the connection means, in words, and whether the same request may be sent again when no byte of
    /// the answer had come.
    static func verdict(on error: any Error, inactivity: Double) -> (words: String, isRetryable: Bool) {
        switch error {
        case let error as HTTPClientError:
            switch error {
            case .readTimeout:
                let seconds = inactivity == inactivity.rounded() ? "\(Int(inactivity))" : "\(inactivity)"
                return ("sent nothing for \(seconds) s; raise --inactivity-timeout, or look at the server", false)
            case .connectTimeout: return ("does not answer (connecting timed out)", true)
            case .remoteConnectionClosed: return ("closed the connection", true)
            case .getConnectionFromPoolTimeout: return ("gave no connection in time", true)
            case .tlsHandshakeTimeout: return ("did not finish the TLS handshake in time", true)
            case .writeTimeout: return ("did not take the request in time", true)
            default: return ("cannot be asked (\(error.shortDescription))", false)
            }
        case let error as IOError:
            switch error.errnoCode {
            case ECONNREFUSED: return ("refused the connection; start the server, or correct --endpoint", true)
            case _ where isLostConnection(error): return ("reset the connection", true)
            case ECONNABORTED, ETIMEDOUT, EHOSTUNREACH, ENETUNREACH:
                return ("cannot be reached (\(words(error)))", true)
            default: return ("cannot be reached (\(words(error)))", false)
            }
        case let error as NIOConnectionError:
            if let cause = error.connectionErrors.first?.error { return verdict(on: cause, inactivity: inactivity) }
            if error.dnsAError != nil || error.dnsAAAAError != nil {
                return ("has a name that is not known (\(error.host)); correct --endpoint", false)
            }
            return ("cannot be reached", true)
        case let error as ChannelError:
            switch error {
            case .connectTimeout: return ("does not answer (connecting timed out)", true)
            case _ where isLostConnection(error): return ("closed the connection", true)
            default: return ("cannot be asked (\(error))", false)
            }
        default: return ("cannot be asked (\("\(error)".oneLine(160)))", false)
        }
    }

    private static func words(_ error: IOError) -> String { String(cString: strerror(error.errnoCode)) }
}
