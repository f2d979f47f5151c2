/// The places that the settings of Llama Scope name, and the mean length of activations there.
struct LlamaScopePlaces {
    let placement: CoderPlacement
    private let input: String
    private let output: String

    init(_ settings: SettingsFile) throws(CoderError) {
        let named = try settings.text("hook_point_in")
        let written = try settings.text("hook_point_out") ?? named
        placement = CoderPlacement(isTranscoder: named != written, input: named, output: written)
        (input, output) = (named ?? "in", written ?? "out")
    }

    /// What the input is multiplied by before it is read, and the output divided by: √width over the mean length, which stands in
    /// `dataset_average_activation_norm` under `in` and `out` or the places' names, or is given.
    ///
    /// - Throws: `CoderError.setting` if it is neither there nor given.
    func scales(
        width: Int, _ settings: SettingsFile, given: Double?
    ) throws(CoderError) -> (input: Double, output: Double) {
        let field = "dataset_average_activation_norm"
        let root = Double(width).squareRoot()
        guard settings.has(field) else {
            guard let given, given > 0, given.isFinite else {
                throw settings.fault(
                    field, found: "nothing",
                    expected:
                        "the mean length of the activations: give `average_norm:` (`gloss doctor --estimate` measures it)"
                )
            }
            return (root / given, root / given)
        }
        let norms = try settings.object(field)
        let read = try norms.number(norms.has("in") ? "in" : input)
        let written = try norms.number(norms.has("out") ? "out" : output)
        for (name, norm) in [("in", read), ("out", written)] where !(norm > 0) {
            throw norms.fault(name, found: "\(norm)", expected: "a number above 0")
        }
        guard given == nil || given == read else {
            throw settings.fault(field, found: "\(read)", expected: "\(given ?? 0), as `average_norm` says")
        }
        return (root / read, root / written)
    }
}
