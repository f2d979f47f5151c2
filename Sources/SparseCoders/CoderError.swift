import WeightFiles

/// An error of a sparse coder: in its files, or with what it is given to encode.
public enum CoderError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The folder holds no coder in a format that is known.
    case unknownFormat(folder: String, expected: String)
    /// A file cannot be read.
    case unreadable(file: String, reason: String)
    /// The machine has no more of something that reading a file needs, such as descriptors, or fails.
    case refused(file: String, reason: String)
    /// A setting is missing, has a value that cannot be right, or asks for something that is not built.
    case setting(file: String, field: String, found: String, expected: String)
    /// A tensor is missing, or its type, shape or values cannot be right.
    case tensor(file: String, tensor: String, found: String, expected: String)
    /// A matrix does not have the shape that the coder needs.
    case shape(what: String, found: String, expected: String)
    /// A value of the input is NaN or infinite.
    case inputNotFinite(row: Int, column: Int, value: String)
    /// An activation is beyond the range of 32-bit floats.
    case activationNotFinite(row: Int, latent: Int)
    /// Too many latents are active in a row for its codes to be sparse.
    case tooManyActive(row: Int, active: Int, most: Int)
    /// A latent is asked for that the coder does not have.
    case noSuchLatent(latent: Int, latents: Int)
    /// The latents write to several places, so that no direction of theirs is known.
    case noDecoder
    /// The folder or file holds no coder, for a reason that is known.
    case notThere(place: String, reason: String)
    /// The activations of the coder's hookpoint are not there.
    case missingHookpoint(hookpoint: String, available: [String])

    /// Makes an error of a weight file that cannot be opened or read.
    init(_ error: WeightFileError, file: String) {
        self =
            error.kind == .machine
            ? .refused(file: file, reason: error.found) : .unreadable(file: file, reason: error.description)
    }

    /// What is wrong and where, what was found and what was expected.
    public var description: String {
        switch self {
        case .unknownFormat(let folder, let expected):
            "\(folder): no sparse coder found, expected \(expected)"
        case .unreadable(let file, let reason), .refused(let file, let reason):
            "\(file): cannot be read: \(reason)"
        case .setting(let file, let field, let found, let expected):
            "\(file): field \"\(field)\": found \(found), expected \(expected)"
        case .tensor(let file, let tensor, let found, let expected):
            "\(file): tensor \"\(tensor)\": found \(found), expected \(expected)"
        case .shape(let what, let found, let expected):
            "\(what): found \(found), expected \(expected)"
        case .inputNotFinite(let row, let column, let value):
            "row \(row), column \(column) of the input is \(value); activations must be finite"
        case .activationNotFinite(let row, let latent):
            "the activation of latent \(latent) at row \(row) is beyond the range of 32-bit floats"
        case .tooManyActive(let row, let active, let most):
            "row \(row): \(active) latents are active, expected at most \(most); check that the coder is for this hookpoint of"
                + " this model, and that first positions are masked"
        case .noSuchLatent(let latent, let latents):
            "latent \(latent): no such latent, expected 0 to \(latents - 1)"
        case .noDecoder:
            "latents of a cross-layer transcoder write to several layers: only its codes can be used"
        case .notThere(let place, let reason):
            "\(place): \(reason)"
        case .missingHookpoint(let hookpoint, let available):
            "no activations of hookpoint \(hookpoint); there are those of "
                + (available.isEmpty ? "none" : available.sorted().joined(separator: ", "))
        }
    }
}
