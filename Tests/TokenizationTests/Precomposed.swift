import Foundation

extension String {
    /// The text in Normalization Form C.
    var precomposed: String { precomposedStringWithCanonicalMapping }
}
