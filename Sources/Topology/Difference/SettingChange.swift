/// A setting in which a topology differs from another one.
public struct SettingChange: Sendable, Hashable {
    /// Whose setting it is.
    public enum Subject: Sendable, Hashable {
        /// The topology's own, such as its budget.
        case topology
        /// A model's, by its name.
        case model(String)
        /// A node's, by its id.
        case node(String)
    }

    /// What has become of it.
    public enum Kind: Sendable, Hashable {
        /// It has another value; values that may not be shown, or are long, are `nil`.
        case changed(from: String?, to: String?)
        /// The model or node is new.
        case added
        /// The model or node is gone.
        case removed
    }

    /// Whose setting it is.
    public let subject: Subject
    /// The setting as the file has it, such as `stages.detected.examples`.
    public let path: String
    /// What has become of it.
    public let kind: Kind
    /// Its place in the newer file; if it is not there, that of what it would stand in.
    public let mark: SourceMark
}

extension SettingChange: CustomStringConvertible {
    /// The change in a few words, such as `models.far.concurrency: 4 → 8`.
    public var description: String {
        switch kind {
        case .added: "\(path): added"
        case .removed: "\(path): removed"
        case .changed(nil, nil): "\(path): changed"
        case .changed(let before, let after): "\(path): \(Self.shown(before)) → \(Self.shown(after))"
        }
    }

    private static func shown(_ value: String?) -> String {
        guard let value else { return "none" }
        let text = value.printable
        return text.count <= 60 ? text : "\(text.prefix(59))…"
    }
}
