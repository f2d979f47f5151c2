import Foundation
import Hummingbird
import HummingbirdCore
import NIOCore

/// The members of a request's body of JSON.
struct RequestBody {
    /// A body that cannot be read.
    struct Fault: Error {
        let message: String
    }

    /// The most bytes of a request's body.
    static let largest = 16 << 10

    private let members: [String: Any]

    /// Reads an object that has none but some members; an empty body has none of them.
    ///
    /// - Parameter example: A body such as is expected.
    init(_ bytes: Data, members names: [String], example: String) throws(Fault) {
        guard !bytes.isEmpty else {
            members = [:]
            return
        }
        guard let object = (try? JSONSerialization.jsonObject(with: bytes)) as? [String: Any] else {
            throw Fault(message: "the body must be a JSON object such as \(example)")
        }
        if let unknown = object.keys.sorted().first(where: { !names.contains($0) }) {
            let known = names.map { "`\($0)`" }.joined(separator: " and ")
            throw Fault(message: "`\(unknown)` is not known here: there are \(known)")
        }
        members = object
    }

    /// Whether a member is there and is `null`.
    func isNull(_ name: String) -> Bool { members[name] is NSNull }

    /// A text; `nil` if it is not there.
    func text(_ name: String) throws(Fault) -> String? {
        guard let value = members[name] else { return nil }
        guard let text = value as? String else { throw Fault(message: "`\(name)` must be a text") }
        return text
    }

    /// Latents; `nil` if they are not there.
    func latents(_ name: String) throws(Fault) -> [Int]? {
        guard let value = members[name] else { return nil }
        guard let latents = value as? [Int], latents.allSatisfy({ $0 >= 0 }) else {
            throw Fault(message: "`\(name)` must be a list of whole numbers of at least 0")
        }
        return latents
    }

    /// A latent that must be there.
    func latent(_ name: String) throws(Fault) -> Int {
        guard let latent = members[name] as? Int, latent >= 0 else {
            throw Fault(message: "`\(name)` must be a whole number of at least 0")
        }
        return latent
    }

    /// The bytes of a request's body; `nil` if there are too many.
    static func bytes(of request: Request) async -> Data? {
        var request = request
        return (try? await request.collectBody(upTo: largest)).map { Data($0.readableBytesView) }
    }
}

extension Answer {
    /// A body that cannot be read.
    static func badBody(_ fault: RequestBody.Fault) -> Response {
        failure(.badRequest, code: "bad_body", fault.message)
    }

    /// A body that is too large.
    static var largeBody: Response {
        failure(.contentTooLarge, code: "too_large", "a request's body may have \(RequestBody.largest) bytes")
    }
}
