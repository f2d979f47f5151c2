/// Which encode nodes run a random coder, so that their scores are controls.
package enum RandomCoders {
    /// The ids of these nodes; `nil` if there are none.
    package static let note = StateNote<Set<String>>(names: "coders.random")
}
