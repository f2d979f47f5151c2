/// An error in the alignment of two coders.
public enum AlignmentError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The coders read or write vectors of different widths, so that there is no cosine between their latents.
    case widths(space: String, a: String, aWidth: Int, b: String, bWidth: Int)
    /// A coder has too many latents for candidates to be numbered.
    case tooManyLatents(coder: String, latents: Int, most: Int)
    /// A setting cannot be right.
    case setting(name: String, found: String, expected: String)

    /// What is wrong, what was found and what was expected.
    public var description: String {
        switch self {
        case .widths(let space, let a, let aWidth, let b, let bWidth):
            "the \(space) rows of \(a) have width \(aWidth), those of \(b) width \(bWidth); coders can be aligned only where "
                + "the widths agree: give coders of the same model's residual stream, or of hookpoints of one width"
        case .tooManyLatents(let coder, let latents, let most):
            "\(coder) has \(latents) latents, expected at most \(most)"
        case .setting(let name, let found, let expected):
            "\(name) is \(found), expected \(expected)"
        }
    }
}
