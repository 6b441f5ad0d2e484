resource "google_cloud_run_service" "web" {
  name     = "web"
  location = "us-central1"

  template {
    spec {
      containers {
        image = "localhost:5000/web:${var.stage}"
      }
    }
  }
}
