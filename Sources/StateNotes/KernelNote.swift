/// By what the activations were computed when the topology last ran: CPU kernel, products, way of batching.
package enum KernelNote {
    /// The description; `nil` before the first run.
    package static let note = StateNote<String>(text: "kernel")
}
