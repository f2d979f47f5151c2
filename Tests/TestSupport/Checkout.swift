/// The files that tests read from the checkout they were built in.
package enum Checkout {
    /// The root of the checkout.
    package static let folder =
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")

    /// The path of a file, by its place in the checkout.
    package static func path(_ name: String) -> String { folder + "/" + name }
}
