// Opened from a folder, a page may not start a worker, and searching is one. There it runs in a hidden frame instead.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(url) {
      super()
      this.early = []
      this.frame = document.createElement("iframe")
      this.frame.hidden = true
      this.frame.title = "Search"
      document.documentElement.append(this.frame)
      const inside = this.frame.contentWindow
      inside.postMessage = data => this.dispatchEvent(new MessageEvent("message", { data }))
      const script = inside.document.createElement("script")
      script.src = new URL(url, location.href).href
      script.onload = () => { this.early.splice(0).forEach(data => this.tell(data)); this.early = null }
      inside.document.body.append(script)
    }
    tell(data) { this.frame.contentWindow.dispatchEvent(new MessageEvent("message", { data })) }
    postMessage(data) { this.early ? this.early.push(data) : this.tell(data) }
    terminate() { this.frame.remove() }
  }
}
