/// The path and shape of a node's coder, for examinations of files.
package struct CoderPlace: Sendable {
    /// The id of the node that gives its codes.
    package let node: String
    /// Its path, as it is written.
    package let path: String
    /// Its shape, or why it cannot be opened.
    package let shape: Result<CodesShape, any Error>
}

extension Graph {
    /// The coders and caches of codes, in the order of the file; opens them, so it blocks.
    package var coderPlaces: [CoderPlace] {
        all((any GivesCodes).self).map { node in
            CoderPlace(node: node.id, path: node.place, shape: Result { try node.shape(in: self) })
        }
    }
}
