/// The results of some work in the order of its inputs, with at most `limit` of them under way at a time.
public func mapConcurrently<Input: Sendable, Output: Sendable>(
    _ inputs: [Input], limit: Int, _ work: @escaping @Sendable (Input) async -> Output
) async -> [Output] {
    await withTaskGroup(of: (Int, Output).self) { group in
        var results = [Output?](repeating: nil, count: inputs.count)
        var next = 0
        func start() {
            guard next < inputs.count else { return }
            let index = next
            let input = inputs[index]
            group.addTask { (index, await work(input)) }
            next += 1
        }
        for _ in 0..<max(limit, 1) { start() }
        while let (index, output) = await group.next() {
            results[index] = output
            start()
        }
        return results.compactMap(\.self)
    }
}
