/// A change of the activations at some place of a model.
public protocol ActivationEdit: Sendable {
    /// Changes activations in place: `values` is `[rows, width]`, row-major, of consecutive tokens.
    ///
    /// A row's result must depend on that row only: rows come in other groups when a text is added in other pieces. An edit
    /// of no strength must leave every bit as it is.
    ///
    /// Throws if the activations are not of the kind that the edit is made for.
    func apply(to values: UnsafeMutableBufferPointer<Float>, rows: Int, width: Int) throws
}

/// A change of the activations at a hookpoint, from a position of the text on.
///
/// Everything after the hookpoint, keys and values included, is computed from the changed activations. Edits of one
/// place are made in their order.
public struct HookpointEdit: Sendable {
    /// The hookpoint whose activations are changed.
    public let hookpoint: Hookpoint
    /// The position of the first token whose activations are changed.
    public let first: Int
    /// How they are changed.
    public let edit: any ActivationEdit

    /// Makes an edit; `first` 0 is for every token, the prompt's length - 1 for the prompt's last token and all that follow.
    public init(at hookpoint: Hookpoint, from first: Int = 0, _ edit: any ActivationEdit) {
        self.hookpoint = hookpoint
        self.first = first
        self.edit = edit
    }

    /// Changes the rows of consecutive tokens, the first of them at position `start`, as far as they are meant.
    func apply(
        to values: UnsafeMutablePointer<Float>, first start: Int, rows: Int, width: Int
    ) throws(ModelError) {
        let skipped = min(max(first - start, 0), rows)
        guard skipped < rows else { return }
        let meant = UnsafeMutableBufferPointer(start: values + skipped * width, count: (rows - skipped) * width)
        do {
            try edit.apply(to: meant, rows: rows - skipped, width: width)
        } catch {
            throw .editFailed(hookpoint: hookpoint.description, reason: "\(error)")
        }
    }
}

/// Why an edit does not suit the activations that it is given.
struct UnsuitableEdit: Error, CustomStringConvertible {
    let found: Int
    let expected: Int
    let what: String

    var description: String {
        "\(what) has \(found) values, expected \(expected); use a coder or a vector made for this hookpoint"
    }

    static func check(_ count: Int, _ what: String, expected: Int) throws {
        if count != expected { throw UnsuitableEdit(found: count, expected: expected, what: what) }
    }
}
