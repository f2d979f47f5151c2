import Foundation

/// A text that must not be shown: written in the file as `!secret env:NAME` or `!secret file:PATH`.
public struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private enum Origin: Sendable {
        case environment(name: String, value: String)
        case file(path: String)
    }

    private let origin: Origin

    /// The most bytes of a secret's file.
    private static let largestFile = 65_536

    /// Makes a secret from the text after `!secret`.
    ///
    /// A variable is read at once, a file when the secret is revealed.
    /// - Throws: `SecretFault` if the text has neither form or the variable is not set.
    init(_ written: String, environment: [String: String]) throws(SecretFault) {
        if written.hasPrefix("env:") {
            let name = String(written.dropFirst(4))
            guard VariableExpansion.isName(name) else { throw .malformed }
            guard let value = environment[name] else { throw .unset(name: name) }
            origin = .environment(name: name, value: value)
        } else if written.hasPrefix("file:"), written.utf8.count > 5, !written.utf8.contains(0) {
            origin = .file(path: String(written.dropFirst(5)))
        } else {
            throw .malformed
        }
    }

    /// The secret itself; a file is read, and one newline at its end left out.
    ///
    /// - Throws: `TopologyError.unreadableSecret` if the file can't be read, is larger than 64 KiB or is not UTF-8.
    public func reveal() throws(TopologyError) -> String {
        switch origin {
        case .environment(_, let value): return value
        case .file(let path):
            guard let handle = FileHandle(forReadingAtPath: path) else {
                throw .unreadableSecret(path: path, reason: "the file cannot be opened")
            }
            defer { try? handle.close() }
            let bytes: Data
            do {
                bytes = try handle.read(upToCount: Self.largestFile + 1) ?? Data()
            } catch {
                throw .unreadableSecret(path: path, reason: "the file cannot be read")
            }
            guard bytes.count <= Self.largestFile else {
                throw .unreadableSecret(path: path, reason: "the file is larger than \(Self.largestFile) bytes")
            }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw .unreadableSecret(path: path, reason: "the file is not UTF-8")
            }
            if text.hasSuffix("\r\n") || text.hasSuffix("\n") { return String(text.dropLast()) }
            return text
        }
    }

    /// The environment variable that the secret stands in, if that holds nothing but white space; `nil` otherwise.
    var blankVariable: String? {
        guard case .environment(let name, let value) = origin, value.allSatisfy(\.isWhitespace) else { return nil }
        return name
    }

    /// The origin of the secret, such as `env:GLOSS_LLM_KEY`; not secret.
    public var source: String {
        switch origin {
        case .environment(let name, _): "env:\(name)"
        case .file(let path): "file:\(path)"
        }
    }

    /// Always `<secret>`.
    public var description: String { "<secret>" }

    /// Always `<secret>`.
    public var debugDescription: String { "<secret>" }

    /// A mirror without children, so that `dump` shows nothing.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}

/// Secrets are equal if they come from the same place.
extension Secret: Equatable {
    /// Whether two come from the same place.
    public static func == (left: Secret, right: Secret) -> Bool { left.source == right.source }
}

/// A fault of a secret in the file.
enum SecretFault: Error, Equatable {
    case malformed
    case unset(name: String)
}
