data "google_project" "demo" {
  project_id = "demo"
}

data "google_cloud_run_v2_service" "full" {
  name     = google_cloud_run_v2_service.full.name
  location = "us-central1"
}

data "google_cloud_run_v2_job" "full" {
  name     = google_cloud_run_v2_job.full.name
  location = "us-central1"
}

data "google_cloud_run_v2_worker_pool" "full" {
  name     = google_cloud_run_v2_worker_pool.full.name
  location = "us-central1"
}

data "google_cloud_run_service" "full" {
  name     = google_cloud_run_service.full.name
  location = "us-central1"
}

data "google_secret_manager_secret" "password" {
  secret_id = google_secret_manager_secret.password.secret_id
}

data "google_secret_manager_secret_version" "password" {
  secret  = google_secret_manager_secret.password.secret_id
  version = google_secret_manager_secret_version.password.version
}

data "google_secret_manager_secrets" "all" {
  depends_on = [google_secret_manager_secret.password, google_secret_manager_secret.placed]
}

data "google_storage_bucket" "full" {
  name = google_storage_bucket.full.name
}

data "google_storage_bucket_object_content" "graph" {
  bucket = google_storage_bucket.full.name
  name   = google_storage_bucket_object.graph.name
}

data "google_artifact_registry_repository" "images" {
  location      = "us-central1"
  repository_id = google_artifact_registry_repository.images.repository_id
}

output "password" {
  value     = data.google_secret_manager_secret_version.password.secret_data
  sensitive = true
}
