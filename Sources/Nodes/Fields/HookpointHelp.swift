import SparseCoders

/// What is said of a place in a topology that is written as another program calls it.
package enum HookpointHelp {
    /// The name that the place has here; `nil` if no program is known that calls a place so.
    package static func text(for name: String) -> String? {
        switch PlaceName(name) {
        case .hookpoint(let name): "did you mean `\(name)`? It is the same place; docs/conventions.md has the others"
        case .noHookpoint: "nothing can be read at that place; docs/hookpoints.md lists those at which it can"
        case .unknown: nil
        }
    }
}
