resource "google_cloud_run_v2_service" "web" {
  name                = "web"
  location            = "us-central1"
  deletion_protection = false

  template {
    containers {
      image = "localhost:5000/web:${var.stage}"
    }
  }
}
